// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

/** Failures of the worker: one that comes again and again, as with each frame, is told once. */
export class Failures {
  private before = '';

  constructor(private readonly show: (text: string) => void) {}

  tell(text: string): void {
    if (text === this.before) return;
    this.before = text;
    console.error('the worker failed: ' + text);
    this.show('Something failed: ' + text.split('\n', 1)[0]!.slice(0, 200));
  }
}
