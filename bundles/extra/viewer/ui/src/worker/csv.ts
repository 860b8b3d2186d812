// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { dateTime } from 'daqstream-protocol';
import type { Csv } from '../shared/messages';
import { quoted, type Trace } from './trace';

/** Most values in a file. */
const CSV_CELLS = 2_000_000;

/** A line for each moment that any trace has a sample at; all digits, times to the nanosecond. */
export function csvOf(traces: Trace[], from: number, to: number, referenceNs: bigint): Csv {
  const tables = traces.map((trace) => ({ trace, names: trace.columns() }));
  const columns = tables.reduce((sum, { names }) => sum + names.length, 0);
  const limit = Math.floor(CSV_CELLS / Math.max(1, columns));
  const rows = new Map<bigint, string[][]>();
  let first = 0;
  let isCut = false;
  for (const { trace, names } of tables) {
    const samples = trace.cells(from, to, referenceNs, limit);
    isCut ||= samples.length === limit;
    for (const { ns, texts } of samples) {
      // Samples of one moment, as events may have, have a line each.
      const lines = rows.get(ns) ?? [];
      rows.set(ns, lines);
      let line = lines.find((each) => names.every((_, i) => each[first + i] === ''));
      if (line === undefined) lines.push((line = new Array<string>(columns).fill('')));
      texts.forEach((text, i) => (line[first + i] = text));
    }
    first += names.length;
  }
  const heads = ['time [UTC]', 't [ns]', ...tables.flatMap(({ names }) => names)];
  const lines = [heads.map(quoted).join(',')];
  const moments = [...rows.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  for (const ns of moments) {
    for (const cells of rows.get(ns)!) lines.push([dateTime(ns, false), ns, ...cells].join(','));
  }
  return { kind: 'csv', text: lines.join('\r\n') + '\r\n', isCut };
}
