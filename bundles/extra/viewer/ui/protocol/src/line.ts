// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { ticksOf } from './samples.js';

interface Segment {
  row: bigint;
  tick: bigint;
}

const MAX_SEGMENTS = 64;

/** Where the rows of a linear domain stand in time: on one line after another, oldest first. */
export class Line {
  private readonly segments: Segment[] = [];

  /** Takes pairs of a row and its tick. */
  take(payload: Uint8Array): void {
    const { segments } = this;
    const numbers = ticksOf(payload);
    for (let i = 0; i + 1 < numbers.length; i += 2) {
      const row = numbers[i]!;
      const tick = numbers[i + 1]!;
      // A later line holds for the rows behind it; one that was told again says nothing new.
      while (segments.length > 0 && segments.at(-1)!.row >= row) segments.pop();
      segments.push({ row, tick });
      if (segments.length > MAX_SEGMENTS) segments.shift();
    }
  }

  /** Where a row stands, and how many of the rows from it on share that line. */
  at(row: bigint, count: number, delta: bigint): { tick: bigint; left: number } {
    const { segments } = this;
    for (let i = segments.length - 1; i >= 0; i--) {
      const segment = segments[i]!;
      if (segment.row <= row || i === 0) {
        const next = segments[i + 1];
        const left = next === undefined ? count : Math.min(count, Number(next.row - row));
        return { tick: segment.tick + delta * (row - segment.row), left: Math.max(1, left) };
      }
    }
    return { tick: delta * row, left: count };
  }
}
