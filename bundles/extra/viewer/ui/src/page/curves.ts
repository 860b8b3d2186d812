// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type uPlot from 'uplot';
import type { TraceView } from '../shared/messages';

export const MAX_AXES = 4;
/** Height of a logic trace and of the distance to the next one. */
export const LANE = 1.35;

/**
 * For uPlot a gap is null, and what is no point of a curve undefined. A gap reaches as far as nulls
 * do, so all that is between the points on either side becomes null.
 */
export function withGaps(y: Float64Array): (number | null | undefined)[] {
  const values = new Array<number | null | undefined>(y.length);
  let behind = -1; // the last point
  let isGap = false;
  for (let i = 0; i < y.length; i++) {
    const v = y[i]!;
    if (Number.isFinite(v)) {
      values[i] = v;
      if (isGap) values.fill(null, behind + 1, i);
      behind = i;
      isGap = false;
    } else {
      values[i] = undefined;
      isGap ||= Number.isNaN(v);
    }
  }
  if (isGap) values.fill(null, behind + 1);
  return values;
}

/** The names of bits in place of numbers. */
export function laneLabels(traces: readonly TraceView[]): Pick<uPlot.Axis, 'splits' | 'values' | 'filter'> {
  return {
    splits: () => traces.map((_, i) => (traces.length - 1 - i) * LANE + 0.5),
    filter: (_, splits) => splits,
    values: () => traces.map((trace) => trace.bitName.slice(0, 12)),
  };
}

/** How many axes traces have on the left and on the right. */
export function sidesOf(traces: readonly TraceView[]): [number, number] {
  const units = Math.min(MAX_AXES, new Set(traces.map(scaleOf)).size);
  return [Math.ceil(units / 2), Math.floor(units / 2)];
}

/** Traces of one unit have one scale, and so have vectors of one kind of elements. */
export function scaleOf(trace: TraceView): string {
  return 'y ' + (trace.profile === undefined ? trace.scale : trace.profile.axis.label);
}

export function isSparse(u: uPlot): boolean {
  const [from, to] = u.series[0]!.idxs ?? [0, 0];
  return to! - from! < u.bbox.width / devicePixelRatio / 12;
}

export function short(value: number): string {
  const text = String(Number(value.toPrecision(6)));
  return text.length > 7 ? value.toExponential().replace('e+', 'e') : text;
}
