// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { dateTime } from 'daqstream-protocol';
import type { Csv } from '../shared/messages';
import { elementText, nsOf, placeText, textOf } from './readings';
import type { Trace } from './trace';

/** Most values in a file. */
const CSV_CELLS = 2_000_000;
const MAX_CSV_ELEMENTS = 512;

/** A line for each moment that any trace has a sample at; all digits, times to the nanosecond. */
export function csvOf(traces: Trace[], from: number, to: number, referenceNs: bigint): Csv {
  const tables = traces.map((trace) => ({ trace, names: columns(trace) }));
  const width = tables.reduce((sum, { names }) => sum + names.length, 0);
  const limit = Math.floor(CSV_CELLS / Math.max(1, width));
  const rows = new Map<bigint, string[][]>();
  let first = 0;
  let isCut = false;
  for (const { trace, names } of tables) {
    const samples = cells(trace, from, to, referenceNs, limit);
    isCut ||= samples.length === limit;
    for (const { ns, texts } of samples) {
      // Samples of one moment, as events may have, have a line each.
      const lines = rows.get(ns) ?? [];
      rows.set(ns, lines);
      let line = lines.find((each) => names.every((_, i) => each[first + i] === ''));
      if (line === undefined) lines.push((line = new Array<string>(width).fill('')));
      texts.forEach((text, i) => (line[first + i] = text));
    }
    first += names.length;
  }
  const heads = ['time [UTC]', 't [ns]', ...tables.flatMap(({ names }) => names)];
  const lines = [heads.map(quoted).join(',')];
  const moments = [...rows.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  for (const ns of moments) {
    for (const texts of rows.get(ns)!) lines.push([dateTime(ns, false), ns, ...texts].join(','));
  }
  return { kind: 'csv', text: lines.join('\r\n') + '\r\n', isCut };
}

/** What the columns of a table of its samples are called. */
function columns(trace: Trace): string[] {
  const unit = trace.unit() === '' ? '' : ' [' + trace.unit() + ']';
  const { axis } = trace;
  if (axis === undefined) return [trace.key + unit];
  return Array.from({ length: Math.min(axis.count, MAX_CSV_ELEMENTS) }, (_, i) => {
    return trace.key + ' at ' + axis.label + ' ' + placeText(axis, i) + unit;
  });
}

/** Moments and values in words; of an envelope least and greatest with a blank between. */
function cells(
  trace: Trace,
  from: number,
  to: number,
  referenceNs: bigint,
  limit: number,
): { ns: bigint; texts: string[] }[] {
  const half = 0.5; // as in between()
  const [a, b] = [trace.t(from, referenceNs) - half, trace.t(to, referenceNs) + half];
  if (trace.vector !== undefined) {
    const { vector } = trace;
    const names = columns(trace);
    return (trace.vectors?.between(a, b, limit) ?? []).map(({ t, sample }) => ({
      ns: trace.ns(trace.history!.base + BigInt(t)),
      texts: names.map((_, i) => elementText(trace, sample, vector, i)),
    }));
  }
  if (trace.history === undefined) {
    const inView = ({ tick }: { tick: bigint }) => Number(tick) >= a && Number(tick) <= b;
    return trace.log.filter(inView).map(({ tick, text }) => ({ ns: trace.ns(tick), texts: [quoted(text)] }));
  }
  return trace.history.pointsBetween(a, b, limit).map((point) => ({
    ns: nsOf(trace, point),
    texts: [Number.isNaN(point.lo) ? '' : textOf(trace, point, ' ')],
  }));
}

/** As a cell of CSV. */
function quoted(text: string): string {
  return '"' + text.replace(/"/g, '""') + '"';
}
