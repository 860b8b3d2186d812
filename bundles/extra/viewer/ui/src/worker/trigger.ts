// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { Trigger } from '../shared/messages';
import type { History } from './history';

/** Waits for crossings of a level as an oscilloscope does; ticks of the history it is given. */
export class TriggerWatch {
  /** The newest trigger whose window is complete. */
  at: number | undefined;
  text = 'waiting for the trigger';
  private searched: number | undefined;
  private history: History | undefined;
  private candidate: number | undefined;
  private count = 0;

  constructor(readonly trigger: Trigger) {}

  /** Looks at what has come; window and second are in ticks. */
  look(history: History, window: number, second: number): void {
    if (history !== this.history) {
      this.history = history;
      this.at = this.candidate = undefined;
      this.searched = history.last; // what was before one began to wait does not count
    }
    for (let found = 0; found < 1000; found++) {
      if (this.trigger.isSingle && this.at !== undefined) break;
      this.candidate ??= history.crossing(this.searched!, this.trigger.level, this.trigger.edge);
      if (this.candidate === undefined) {
        this.searched = Math.max(this.searched!, history.last);
        break;
      }
      const complete = this.candidate + window * (1 - this.trigger.before);
      if (history.last < complete) break;
      this.at = this.candidate;
      this.count++;
      // The next window begins when this one is over, and not before the hold-off is.
      this.searched = Math.max(complete, this.candidate + this.trigger.holdOffS * second);
      this.candidate = undefined;
    }
    this.text =
      this.at === undefined
        ? 'waiting for the trigger'
        : this.trigger.isSingle
          ? 'triggered, stopped'
          : 'triggered ' + this.count + (this.count === 1 ? ' time' : ' times');
  }
}
