// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from '../src/worker/history';
import { spectrumOf } from '../src/worker/spectrum';
import { TriggerWatch } from '../src/worker/trigger';
import { SHAPES } from '../src/shared/messages';
import { linesOf } from '../src/page/tree';
import { readLayout, writeLayout } from '../src/page/layout';
import { labelsOf, splitsOf } from '../src/page/axis';

function columnsOf(count: number): Float64Array {
  return new Float64Array(3 * count).fill(Infinity);
}

function ramp(count: number): History {
  const history = new History(0n, false);
  for (let i = 0; i < count; i++) history.add(i, i % 100, i % 100, 0n, false, i === 0);
  return history;
}

test('a spike of one sample is seen at every zoom', () => {
  const history = new History(0n, false);
  for (let i = 0; i < 100_000; i++) history.add(i, i === 54_321 ? 9 : 0, i === 54_321 ? 9 : 0, 0n, false, false);
  for (const width of [1, 7, 100, 1000, 50_000]) {
    const y = columnsOf(width);
    history.columns(0, 100_000 / width, width, y, NaN);
    const values = [...y].filter(Number.isFinite);
    assert.equal(Math.max(...values), 9, 'in ' + width + ' columns');
    assert.equal(Math.min(...values), 0);
  }
});

test('columns have the extremes of what lies in them', () => {
  const history = ramp(10_000);
  const y = columnsOf(10);
  history.columns(5000, 50, 10, y, NaN);
  assert.deepEqual([...y.slice(0, 6)], [0, 49, Infinity, 50, 99, Infinity]);
});

test('a gap is one at every zoom', () => {
  const history = new History(0n, false);
  for (let i = 0; i < 1000; i++) history.add(i, 1, 1, 0n, false, false);
  for (let i = 1500; i < 3000; i++) history.add(i, 2, 2, 0n, false, i === 1500);
  for (const width of [3, 30, 300]) {
    const y = columnsOf(width);
    history.columns(0, 3000 / width, width, y, NaN);
    assert.ok([...y].some(Number.isNaN), 'in ' + width + ' columns');
  }
  assert.ok(history.exactly(990, 1510).y.some(Number.isNaN));
  assert.deepEqual(history.gaps(0, 3000, 10), [[999, 1500]]);
});

test('neither a spike nor a gap hides the other in one column', () => {
  const history = new History(0n, false);
  for (let i = 0; i < 100; i++) history.add(i, i === 50 ? -9 : 0, i === 50 ? -9 : 0, 0n, false, i === 60);
  history.add(110, 7, 7, 0n, false, true);
  const y = columnsOf(2);
  history.columns(0, 200, 2, y, NaN);
  assert.deepEqual([...y.slice(0, 3)].sort((a, b) => a - b).slice(0, 2), [-9, 7]);
  assert.ok(Number.isNaN(y[2]!));
});

test('the oldest goes when there is no more room', () => {
  const history = ramp(100_000);
  history.trim(200_000);
  assert.ok(history.bytes <= 200_000);
  assert.ok(history.first > 0);
  assert.equal(history.last, 99_999);
});

test('the nearest sample is found on either side', () => {
  const history = ramp(10_000);
  assert.equal(history.nearest(4095.4)!.t, 4095);
  assert.equal(history.nearest(4095.6)!.t, 4096);
  assert.equal(history.nearest(-5)!.t, 0);
  assert.equal(history.nearest(1e9)!.t, 9999);
});

test('statistics are of the samples between', () => {
  const s = ramp(1000).statistics(10, 12);
  assert.deepEqual([s.min, s.max, s.sum, s.count], [10, 12, 33, 3]);
});

test('what is cut off leaves extremes of the rest', () => {
  const history = ramp(200);
  history.cutFrom(150);
  assert.equal(history.last, 149);
  const y = columnsOf(1);
  history.columns(128, 100, 1, y, NaN);
  assert.deepEqual([...y], [28, 49, Infinity]);
});

test('a point that rounding puts on the end of its column is in one all the same', () => {
  const t = 19698776198;
  const [from, step] = [9745578070.074884, 15600624.024960998];
  assert.ok(from + step * (Math.floor((t - from) / step) + 1) <= t, 'the numbers are such');
  const history = new History(0n, false);
  history.add(t, 7, 7, 0n, false, true);
  history.add(t + 1, 8, 8, 0n, false, false);
  const y = new Float64Array(3 * 1000).fill(Infinity);
  history.columns(from, step, 1000, y, NaN);
  assert.equal(y.filter(Number.isFinite).length, 2);
});

test('a link shows the same plots again, whatever the names', () => {
  const layout = readLayout('');
  layout.plots = [
    ['a/b', 'c,d;e&f=g#h'],
    ['<img onerror=x>', '\u202eabc'],
  ];
  layout.windowS = 0.25;
  layout.clock = 'local';
  layout.isListShown = false;
  layout.trigger = { key: 'c,d', edge: 'falling', level: -1e-7, holdOffS: 0.5, before: 0.25, isSingle: true };
  layout.spectrum = { key: '<img onerror=x>', shape: 'flat top', averages: 8, isLog: false };
  assert.deepEqual(readLayout(writeLayout(layout)), layout);
  assert.deepEqual(readLayout('#p=%E0%A4%A,,;&w=-1&t=x').plots, []);
  const wrong = readLayout('#g=a,up,1,2&s=a,none,3,dB');
  assert.deepEqual([wrong.trigger, wrong.spectrum], [undefined, undefined]);
});

test('the tree has groups, and a search is a list', () => {
  const ids = ['b/2', 'b/10', 'a', 'b/c/x', '/lead'];
  assert.deepEqual(
    linesOf(ids, '', new Set()).map((line) => line.name),
    ['a', '/', 'lead', 'b/', '2', '10', 'c/', 'x'],
  );
  assert.deepEqual(
    linesOf(ids, 'B 1', new Set()).map((line) => line.id),
    ['b/10'],
  );
  assert.equal(linesOf(ids, '', new Set(['b/'])).length, 4);
});

test('lines of the time axis are whole and exact', () => {
  const splits = splitsOf(80_000.0000000005, 80_000.0000000035, 1e-9);
  assert.equal(splits.length, 3);
  const labels = labelsOf(
    splits,
    1e-9,
    1_795_000_000_000_000_000n - (1_795_000_000_000_000_000n % 86_400_000_000_000n),
    'utc',
    0,
  );
  assert.match(labels[1]!, /22:13:20\.000000002/);
});

test('the spectrum of a sine has its amplitude at its frequency, whatever the window', () => {
  const samples = Float64Array.from({ length: 8192 }, (_, i) => 3 + 2.5 * Math.sin((2 * Math.PI * 125 * i) / 1000));
  for (const shape of SHAPES) {
    const { frequencies, amplitudes } = spectrumOf(samples, 1000, shape, 3)!;
    const at = frequencies.indexOf(125);
    assert.ok(Math.abs(amplitudes[at]! - 2.5) < 1e-6, shape + ' ' + amplitudes[at]);
    assert.ok(Math.abs(amplitudes[0]! - 3) < 1e-6, shape + ' ' + amplitudes[0]);
  }
  assert.equal(spectrumOf(samples.slice(0, 5), 1000, 'Hann', 1), undefined);
});

test('a trigger is where the level is crossed, and waits for its window and the hold-off', () => {
  const history = new History(0n, false);
  let t = 0;
  const more = (n: number) => {
    for (const end = t + n; t < end; t++)
      history.add(t, Math.floor(t / 500) % 2, Math.floor(t / 500) % 2, 0n, false, false);
  };
  more(100);
  const watch = (edge: 'rising' | 'falling', isSingle: boolean, holdOffS = 0) =>
    new TriggerWatch({ key: 'k', edge, level: 0.5, holdOffS, before: 0.25, isSingle });
  const rising = watch('rising', false);
  const single = watch('falling', true);
  const late = watch('rising', false, 2.2);
  const all = [rising, single, late];
  all.forEach((each) => each.look(history, 400, 1000));
  more(600);
  all.forEach((each) => each.look(history, 400, 1000));
  assert.equal(rising.at, undefined); // 500 to 800 is not there yet
  more(200);
  all.forEach((each) => each.look(history, 400, 1000));
  assert.deepEqual([rising.at, single.at, late.at], [500, undefined, 500]);
  more(2500);
  all.forEach((each) => each.look(history, 400, 1000));
  assert.deepEqual([rising.at, single.at, late.at], [2500, 1000, 500]);
  assert.equal(single.text, 'triggered, stopped');
});
