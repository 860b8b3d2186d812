// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { ABSENT, GAP } from '../shared/messages';
import type { History } from './history';
import type { Trace } from './trace';

/** Part of the height of a plot that nobody sees. */
const UNSEEN = 600;

/** Every sample in view at its own time, all times together. */
export function exactly(
  traces: Trace[],
  curves: (History | undefined)[],
  from: number,
  to: number,
  referenceNs: bigint,
): { xs: Float64Array; ys: Float64Array[] } {
  const each = traces.map((trace, i) => {
    const points = curves[i]?.exactly(trace.t(from, referenceNs), trace.t(to, referenceNs));
    return {
      x: (points?.t ?? []).map((t) => trace.x(t, referenceNs)),
      y: points?.y ?? [],
    };
  });
  const total = each.reduce((sum, { x }) => sum + x.length, 0);
  const xs = new Float64Array(total);
  const ys = each.map(() => new Float64Array(total).fill(ABSENT));
  const at = each.map(() => 0);
  let n = 0;
  for (;;) {
    let least = Infinity;
    for (let k = 0; k < each.length; k++) {
      const x = each[k]!.x[at[k]!];
      if (x !== undefined && x < least) least = x;
    }
    if (least === Infinity) break;
    for (let k = 0; k < each.length; k++) {
      if (each[k]!.x[at[k]!] === least) ys[k]![n] = each[k]!.y[at[k]!++]!;
    }
    xs[n++] = least;
  }
  return { xs: xs.slice(0, n), ys: ys.map((y) => y.slice(0, n)) };
}

/** Leaves out the second value of columns in which nobody could tell it from the first. */
function thin(y: Float64Array): void {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < y.length; i++) {
    const v = y[i]!;
    if (v < low) low = v;
    if (v > high && v !== ABSENT) high = v;
  }
  const least = (high - low) / UNSEEN;
  for (let i = 0; i < y.length; i += 3) {
    if (Math.abs(y[i + 1]! - y[i]!) < least) y[i + 1] = ABSENT;
  }
}

/** Extremes in columns of the width of a pixel, the same for all traces. */
export function inColumns(
  traces: Trace[],
  curves: (History | undefined)[],
  from: number,
  step: number,
  width: number,
  referenceNs: bigint,
): { xs: Float64Array; ys: Float64Array[] } {
  // Columns stand still while the view goes on, so that a curve does not flicker.
  const first = Math.floor(from / step);
  const count = width + 1;
  const xs = new Float64Array(3 * count);
  for (let i = 0; i < count; i++) {
    xs[3 * i] = (first + i + 0.25) * step;
    xs[3 * i + 1] = (first + i + 0.7) * step;
    xs[3 * i + 2] = (first + i + 0.95) * step;
  }
  const ys = traces.map((trace, i) => {
    const y = new Float64Array(3 * count).fill(ABSENT);
    const ticks = step / trace.secondsPerTick();
    curves[i]?.columns(trace.t(first * step, referenceNs), ticks, count, y, GAP);
    thin(y);
    return y;
  });
  return ys.some(hasGap) ? { xs, ys } : { xs: withoutGaps(xs), ys: ys.map(withoutGaps) };
}

function hasGap(y: Float64Array): boolean {
  for (let i = 2; i < y.length; i += 3) if (Number.isNaN(y[i]!)) return true;
  return false;
}

/** Columns without their places for gaps: a third less for the page to walk through. */
function withoutGaps(columns: Float64Array): Float64Array {
  const kept = new Float64Array((columns.length / 3) * 2);
  for (let i = 0, k = 0; k < kept.length; i += 3) {
    kept[k++] = columns[i]!;
    kept[k++] = columns[i + 1]!;
  }
  return kept;
}
