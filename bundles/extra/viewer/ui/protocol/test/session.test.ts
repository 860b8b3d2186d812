// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format, nanoseconds, numbersOf, PacketReader, sampleText, type Block } from '../src/index.js';
import { data, Heard, message, meta, packet, value } from './wire.js';

const TODAY = 1_795_000_000_000_000_001n;

function only(heard: Heard): Block {
  assert.equal(heard.blocks.length, 1);
  return heard.blocks[0]!;
}

function numbers(block: Block) {
  return [...numbersOf(block.data, block.description, block.description.members[0]!)];
}

test('ticks of a linear domain are exact to the nanosecond', () => {
  const heard = new Heard().subscribed(value('real64', {}, 7), 1);
  heard.hear(data(1, new BigInt64Array([5n, TODAY])), data(2, new Float64Array([1, 2, 3])));
  const block = only(heard);
  assert.equal(block.row, 7n);
  assert.equal(block.tick, TODAY + 2n);
  assert.equal(block.delta, 1n);
  assert.equal(nanoseconds(block.domain!, block.tick), TODAY + 2n);
  assert.deepEqual(numbers(block), [1, 2, 3]);
});

test('a block that begins before a new line is told in two', () => {
  const heard = new Heard().subscribed(value('int16'), 10);
  heard.hear(data(1, new BigInt64Array([0n, 1000n, 2n, 5000n])), data(2, new Int16Array([1, 2, 3, 4])));
  assert.deepEqual(
    heard.blocks.map((b) => [b.row, b.tick, b.count, b.continues]),
    [
      [0n, 1000n, 2, false],
      [2n, 5000n, 2, false],
    ],
  );
});

test('a block continues the one before unless rows or times are missing', () => {
  const heard = new Heard().subscribed(value('uint8'), 10);
  const two = data(2, new Uint8Array([1, 2]));
  heard.hear(data(1, new BigInt64Array([0n, 0n])), two, two);
  heard.hear(meta(2, 'signal', value('uint8', {}, 10)), two);
  heard.hear(data(1, new BigInt64Array([12n, 1_000_000n])), two);
  assert.deepEqual(
    heard.blocks.map((b) => b.continues),
    [false, true, false, false],
  );
  assert.deepEqual(
    heard.blocks.map((b) => b.row),
    [0n, 2n, 10n, 12n],
  );
});

test('a loss is told, and what follows does not continue', () => {
  const heard = new Heard().subscribed(value('uint8'));
  heard.hear(data(2, new Uint8Array([1])));
  heard.hear(meta(2, 'loss', { signalId: 'v', fromRow: 1, toRow: 2n ** 60n, fromTick: 10, toTick: TODAY }));
  heard.hear(meta(2, 'signal', value('uint8', {}, 1)), data(2, new Uint8Array([1])));
  assert.equal(heard.losses[0]!.toRow, 2n ** 60n);
  assert.equal(heard.losses[0]!.toTick, TODAY);
  assert.equal(heard.blocks[1]!.continues, false);
});

test('stamps of an explicit domain belong to the block behind them', () => {
  const heard = new Heard();
  heard.hear(
    meta(1, 'subscribe', { signalId: 'time' }),
    meta(1, 'signal', { definition: { rule: 'explicit', dataType: 'int64' }, tableId: 'time' }),
    meta(2, 'subscribe', { signalId: 'v' }),
    meta(2, 'signal', value('real32')),
    data(1, new BigInt64Array([TODAY, TODAY + 1n])),
    data(2, new Float32Array([0.1, 0.2])),
  );
  const block = only(heard);
  assert.deepEqual([...block.ticks!], [TODAY, TODAY + 1n]);
  assert.equal(format(numbers(block)[0]!, 'real32'), '0.1');
});

test('constants are read with and without their row', () => {
  const heard = new Heard().subscribed({
    definition: { rule: 'constant', dataType: 'int32' },
    tableId: 'time',
    valueIndex: 0,
  });
  const with_ = new DataView(new ArrayBuffer(24));
  with_.setBigInt64(0, 3n, true);
  with_.setInt32(8, 7, true);
  with_.setBigInt64(12, 9n, true);
  with_.setInt32(20, -1, true);
  heard.hear(data(2, with_), data(2, new Int32Array([5])));
  assert.deepEqual(
    heard.blocks.map((b) => [b.row, numbers(b)[0]]),
    [
      [3n, 7],
      [9n, -1],
      [10n, 5],
    ],
  );
});

test('every type is read to the last digit', () => {
  const cases: [string, ArrayBufferView, string][] = [
    ['int8', new Int8Array([-128]), '-128'],
    ['uint64', new BigUint64Array([2n ** 64n - 1n]), '18446744073709551615'],
    ['int64', new BigInt64Array([-(2n ** 63n)]), '-9223372036854775808'],
    ['real64', new Float64Array([0.1 + 0.2]), '0.30000000000000004'],
    ['real64', new Float64Array([-0]), '-0'],
    ['real32', new Float32Array([16777216]), '16777216'],
    ['int128', new BigUint64Array([2n ** 64n - 1n, 2n ** 64n - 1n]), '-1'],
    ['uint128', new BigUint64Array([1n, 1n]), '18446744073709551617'],
    ['complex32', new Float32Array([1, -1]), '1-1i'],
    ['complex64', new Float64Array([0.5, NaN]), '0.5+NaNi'],
  ];
  for (const [type, samples, text] of cases) {
    const block = only(new Heard().subscribed(value(type)).hear(data(2, samples)));
    assert.equal(sampleText(block.data, block.description), text, type);
  }
});

test('structs, bit fields, arrays and texts are read by member', () => {
  const can = value('struct', {
    struct: [
      { name: 'ArbId', dataType: 'uint32' },
      { name: 'Data', dataType: 'uint8', dimensions: [{ rule: 'linear', linear: { start: 1, delta: 0, size: 3 } }] },
    ],
  });
  const frame = only(new Heard().subscribed(can).hear(data(2, new Uint8Array([1, 2, 0, 0, 9, 8, 7]))));
  assert.equal(sampleText(frame.data, frame.description), 'ArbId 513, Data [9 8 7]');
  const bits = value('bitField', { bitField: { dataType: 'uint16', bits: [{ index: 3, description: 'door' }] } });
  const field = only(new Heard().subscribed(bits).hear(data(2, new Uint16Array([8]))));
  assert.deepEqual(field.description.members[0]!.bits, [{ index: 3, name: 'door' }]);
  const text = {
    ...(value('binary') as object),
    interpretation: { metadata: { contentType: 'text/plain; charset=utf-8' } },
  };
  const hello = only(new Heard().subscribed(text).hear(data(2, new TextEncoder().encode('grüß'))));
  assert.equal(sampleText(hello.data, hello.description), 'grüß');
});

test('messages hold several packets, and packets go over several messages', () => {
  const whole = new Uint8Array(message(packet(1, 1, new Uint8Array([1])), packet(1, 2, new Uint8Array(300))));
  for (let cut = 1; cut < whole.length; cut++) {
    const seen: [number, number][] = [];
    const reader = new PacketReader((_, signo, payload) => seen.push([signo, payload.length]));
    reader.read(whole.slice(0, cut).buffer);
    reader.read(whole.slice(cut).buffer);
    assert.deepEqual(
      seen,
      [
        [1, 1],
        [2, 300],
      ],
      'cut at ' + cut,
    );
  }
});

test('a message that is whole ends what was unfinished', () => {
  const seen: number[] = [];
  const reader = new PacketReader((_, signo) => seen.push(signo));
  reader.read(packet(1, 1, new Uint8Array(300)).slice(0, 100).buffer);
  reader.read(packet(1, 2, new Uint8Array(5)).buffer as ArrayBuffer);
  assert.deepEqual(seen, [2]);
  assert.equal(reader.skipped, 1);
});

test('signals come and go, and an id is told once', () => {
  const heard = new Heard().hear(meta(0, 'available', { signalIds: ['a', 'b', 'a', 7, null] }));
  heard.hear(meta(0, 'available', ['c']), meta(0, 'unavailable', { signalIds: ['b'] }));
  assert.deepEqual(heard.offered, ['a', 'b', 'c']);
  assert.deepEqual(heard.gone, ['b']);
});

test('whatever comes, nothing is thrown', () => {
  const random = lcg(15);
  const shapes: unknown[] = [
    null,
    [],
    'x',
    5,
    -1,
    1e300,
    2n ** 63n,
    true,
    {},
    { definition: null },
    { definition: [] },
    value('struct', { struct: [{ name: 5, dataType: 'struct', struct: 'x' }] }),
    value('array', { array: { count: 1e12, dataType: 'real64' } }),
    value('real64', { dimensions: [{ rule: 'linear', linear: { size: 2 ** 40 } }] }),
    value('__proto__'),
    value('constructor'),
    JSON.parse('{"__proto__": {"polluted": 1}, "definition": {"__proto__": {"dataType": "int8"}}}'),
    { signalId: 'v', fromRow: 'x' },
    { signalIds: [{}] },
    { streamId: 9 },
    { fillLevel: 'x' },
  ];
  const methods = [
    'subscribe',
    'signal',
    'unsubscribe',
    'loss',
    'init',
    'available',
    'unavailable',
    'response',
    'alive',
    'toString',
  ];
  const heard = new Heard();
  for (let i = 0; i < 20_000; i++) {
    const signo = random(3);
    const kind = random(4);
    if (kind === 0) {
      heard.hear(meta(signo, methods[random(methods.length)]!, shapes[random(shapes.length)]));
    } else if (kind === 1) {
      const bytes = Uint8Array.from({ length: random(40) }, () => random(256));
      heard.session.receive(bytes.buffer);
    } else if (kind === 2) {
      heard.hear(
        packet(
          1,
          signo,
          Uint8Array.from({ length: random(64) }, () => random(256)),
        ),
      );
    } else {
      const bytes = meta(signo, 'signal', value('real64'));
      bytes[8 + random(bytes.length - 8)] = random(256);
      heard.session.receive(bytes.buffer as ArrayBuffer);
    }
  }
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

function lcg(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
