// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { dateTime, ratio } from 'daqstream-protocol';
import type { Clock } from './layout';

const STEPS = [1, 2, 5];

/** Distances of two lines of the time axis, in seconds. */
export const INCREMENTS: number[] = [
  ...[-9, -8, -7, -6, -5, -4, -3, -2, -1].flatMap((e) => STEPS.map((s) => Number(s + 'e' + e))),
  1,
  2,
  5,
  10,
  15,
  30,
  60,
  120,
  300,
  600,
  900,
  1800,
  3600,
  7200,
  10800,
  21600,
  43200,
  86400,
  ...[2, 5, 10, 20, 50, 100, 365].map((days) => days * 86400),
];

/** Where lines of the time axis are, as multiples of their distance. */
export function splitsOf(from: number, to: number, increment: number): number[] {
  const splits = [];
  const first = Math.ceil(from / increment - 1e-9);
  for (let i = first; i * increment <= to && splits.length < 100; i++) {
    splits.push(Number((i * increment).toPrecision(15)));
  }
  return splits;
}

/** Times at the lines, exact; the date stands at the first one and where it changes. */
export function labelsOf(
  splits: readonly number[],
  increment: number,
  referenceNs: bigint,
  clock: Clock,
  end: number,
): string[] {
  const digits = Math.max(0, Math.min(9, Math.ceil(-Math.log10(increment) - 1e-9)));
  let day = '';
  return splits.map((x) => {
    if (clock === 'relative') return ratio(BigInt(Math.round((x - end) * 1e9)), 1_000_000_000n) + ' s';
    const ns = referenceNs + BigInt(Math.round(x * 1e9));
    const whole = dateTime(ns, clock === 'local', true, digits);
    const [date, time] = whole.split(' ');
    const isNewDay = date !== day;
    day = date!;
    return isNewDay ? time + '\n' + date : time!;
  });
}
