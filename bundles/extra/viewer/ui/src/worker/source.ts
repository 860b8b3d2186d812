// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { envelope, type Block } from 'daqstream-protocol';

/** Up to so many samples a second are always taken one by one. */
const SLOW_RATE = 200;
/** Samples for each pixel up to which every sample is taken, however fast all traces are. */
const SAMPLES_PER_PIXEL = 16;
/** So many samples a second of all traces, and in view of one, are taken for who zooms in later. */
const KEPT_RATE = 100_000;
const KEPT_SAMPLES = 1_000_000;
const HANDOVER_MS = 1500;
const MAX_HELD = 2000;

/** What a source feeds. */
export interface Fed {
  /** Whether what it has got reaches up to a tick. */
  reaches(tick: bigint): boolean;
  /** What comes next begins at a tick; what is behind it comes again. */
  goesOnFrom(tick: bigint): void;
  feed(block: Block, isCoarse: boolean): void;
}

interface Next {
  id: string;
  isCoarse: boolean;
  since: number;
  held: Block[];
}

/** The signal that feeds a trace, or an envelope of it, and the change from one to the other. */
export class Source {
  id: string;
  isCoarse = false;
  /** What is to feed it, with what came of it. */
  private next: Next | undefined;

  constructor(
    private readonly signalId: string,
    private readonly trace: Fed,
  ) {
    this.id = signalId;
  }

  ids(): string[] {
    return this.next === undefined ? [this.id] : [this.id, this.next.id];
  }

  choose(rate: number, windowS: number, width: number, rateOfAll: number, isTriggered: boolean): void {
    const inView = rate * windowS;
    const every =
      isTriggered ||
      rate <= SLOW_RATE ||
      inView <= SAMPLES_PER_PIXEL * width ||
      (rateOfAll <= KEPT_RATE && inView <= KEPT_SAMPLES);
    const perSecond = niceRate(width / windowS);
    const isCoarse = !every && perSecond * 4 <= rate;
    const id = isCoarse ? envelope(this.signalId, perSecond) : this.signalId;
    if (id === this.id) this.next = undefined;
    else if (id !== this.next?.id) this.next = { id, isCoarse, since: Date.now(), held: [] };
  }

  /** The server does not offer one of its ids; tells whether another one is left. */
  refused(id: string): boolean {
    if (this.next?.id === id) this.next = undefined;
    else if (this.isCoarse && this.id === id) {
      this.id = this.signalId;
      this.isCoarse = false;
    } else return false;
    return true;
  }

  take(block: Block): number {
    const next = this.next;
    if (next !== undefined && block.id === next.id) {
      next.held.push(block);
      this.handOver(next);
      return block.count;
    }
    if (block.id !== this.id) return 0;
    this.trace.feed(block, this.isCoarse);
    if (next !== undefined && next.held.length > 0) this.handOver(next);
    return block.count;
  }

  /** Goes on with the new source once the old one has told what came before it. */
  private handOver(next: Next): void {
    const start = next.held[0]!.tick;
    const isCovered = this.trace.reaches(start);
    if (!isCovered && Date.now() - next.since < HANDOVER_MS && next.held.length < MAX_HELD) return;
    this.id = next.id;
    this.isCoarse = next.isCoarse;
    this.next = undefined;
    this.trace.goesOnFrom(start);
    next.held.forEach((block, i) => this.trace.feed(i === 0 ? { ...block, continues: true } : block, next.isCoarse));
  }
}

/** A rate that does not change with every pixel. */
function niceRate(perSecond: number): number {
  const power = 2 ** Math.ceil(Math.log2(Math.max(1, perSecond)));
  return Math.min(1000, power);
}
