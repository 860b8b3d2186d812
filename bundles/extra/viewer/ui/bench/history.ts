// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// Eight hours of twenty signals at 10 Hz, fed at once; says how many bytes of memory they take.

import { History } from '../src/worker/history';

const SIGNALS = 20;
const SAMPLES = 8 * 3600 * 10;
const DELTA_NS = 100_000_000;

declare const process: { memoryUsage(): { heapUsed: number; arrayBuffers: number } };
declare const gc: () => void;

function used(): number {
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const before = used();
const histories = Array.from({ length: SIGNALS }, () => new History(0n, false));
for (let i = 0; i < SAMPLES; i++) {
  for (const history of histories) history.add(i * DELTA_NS, Math.sin(i), Math.sin(i), 0n, false, i === 0);
}
const bytes = used() - before;
const reached = Math.min(...histories.map((history) => (history.last - history.first) / 1e9 / 3600));
console.log(JSON.stringify({ bytes, hours: reached, told: histories.reduce((sum, each) => sum + each.bytes, 0) }));
