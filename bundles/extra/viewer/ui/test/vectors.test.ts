// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Description, Dimension, Member } from 'daqstream-protocol';
import { axisOf, magnitudes, vectorOf, Vectors } from '../src/worker/vectors';

const UNIT = { symbol: '', quantity: '' };
const HZ = { symbol: 'Hz', quantity: '' };

function vector(type: string, elements: number, dimensions: Dimension[] = []): Description {
  const bytes = type === 'complex64' ? 16 : 8;
  const member: Member = { name: '', type, offset: 0, elements, dimensions, unit: UNIT, bits: [] };
  return { sampleBytes: bytes * elements, members: [member], scaling: undefined } as unknown as Description;
}

function sample(...values: number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer);
}

function picture(vectors: Vectors, from: number, step: number, columns: number, elements: number) {
  const description = vector('real64', elements);
  return vectors.picture(from, step, columns, description, vectorOf(description)!, (t) => t)!;
}

test('an image has the greatest value of each cell, and nothing where there is a gap', () => {
  const vectors = new Vectors();
  for (let t = 0; t < 40; t++) {
    if (t < 20 || t >= 30) vectors.add(t, sample(0, t === 7 ? 10 : 1), t === 0 || t === 30);
  }
  const { columns, lines, cells, low, high } = picture(vectors, 0, 5, 8, 2);
  assert.deepEqual([columns, lines, low, high], [8, 2, 0, 10]);
  const ones = Math.trunc(1 + 25.4);
  assert.deepEqual([...cells.subarray(0, 8)], [1, 1, 1, 1, 0, 0, 1, 1]);
  assert.deepEqual([...cells.subarray(8)], [ones, 255, ones, ones, 0, 0, ones, ones]);
});

test('a slow sample holds until the next one comes', () => {
  const vectors = new Vectors();
  vectors.add(0, sample(1, 2), true);
  vectors.add(10, sample(3, 4), false);
  const { cells } = picture(vectors, 0, 2, 10, 2);
  assert.equal(new Set(cells.subarray(0, 5)).size, 1);
  assert.equal(new Set(cells.subarray(5, 10)).size, 1);
  assert.ok(cells[4]! < cells[5]!);
});

test('more elements than lines leave no element unseen', () => {
  const values = new Float64Array(2000);
  values[1777] = 5;
  const vectors = new Vectors();
  vectors.add(0, new Uint8Array(values.buffer), true);
  const { lines, cells } = picture(vectors, 0, 1, 1, 2000);
  assert.equal(cells.indexOf(255), Math.floor((1777 * lines) / 2000));
});

test('what is not finite is no part of an image, and of complex numbers there is the magnitude', () => {
  const vectors = new Vectors();
  vectors.add(0, sample(NaN, Infinity, 3), true);
  assert.deepEqual(
    [...picture(vectors, 0, 1, 1, 3).cells].map((cell) => cell > 0),
    [false, false, true],
  );
  const complex = vector('complex64', 2);
  assert.deepEqual([...magnitudes(sample(3, 4, 0, -2), complex, vectorOf(complex)!)], [5, 2]);
});

test('samples are kept apart from their message, and the oldest go', () => {
  const message = sample(1, 2);
  const vectors = new Vectors();
  for (let t = 0; t < 100; t++) vectors.add(t, message, t === 0);
  message.fill(0);
  assert.deepEqual(vectors.at(99), sample(1, 2));
  vectors.trim(vectors.bytes / 2);
  assert.equal(vectors.at(10), undefined);
  assert.equal(vectors.between(0, 1000, 1000).length, 50);
});

test('the axis of a vector is that of its dimension, evenly spaced or with labels', () => {
  const linear: Dimension = {
    name: 'frequency',
    rule: 'linear',
    size: 4,
    start: 100,
    delta: 12.5,
    base: 0,
    values: [],
    unit: HZ,
  };
  const list: Dimension = { ...linear, name: 'axis', rule: 'list', size: 2, values: ['x', 'y'], unit: UNIT };
  assert.deepEqual(axisOf(vector('real64', 4, [linear]).members[0]!), {
    label: 'frequency [Hz]',
    unit: 'Hz',
    start: 100,
    delta: 12.5,
    count: 4,
    labels: [],
  });
  assert.deepEqual(axisOf(vector('real64', 2, [list]).members[0]!).labels, ['x', 'y']);
  assert.equal(axisOf(vector('real64', 8, [linear, list]).members[0]!).label, 'element');
});
