// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ask, Want } from '../src/shared/messages';
import { Engine } from '../src/worker/engine';
import { data, linearTime, meta, packet, Peer, sleep, value } from '../protocol/test/wire';

const WANT: Want = {
  kind: 'want',
  rows: [],
  plots: [],
  width: 100,
  windowS: 10,
  trigger: undefined,
  isHidden: false,
};
const ASK: Ask = { kind: 'ask', view: undefined, cursors: [], places: [], isLocal: false };
const SECOND = 1_000_000_000n;
const START = 1_795_000_000n * SECOND;

function connected(...ids: string[]): { engine: Engine; peer: Peer } {
  Peer.all = [];
  const engine = new Engine('ws://peer/', { open: () => new Peer() });
  const peer = Peer.all[0]!;
  peer.greet(...ids);
  return { engine, peer };
}

/** Subscribes to v on a time of 10 kHz. */
function describe(peer: Peer): void {
  peer.say(
    meta(1, 'subscribe', { signalId: 'time' }),
    meta(1, 'signal', linearTime(100_000)),
    meta(2, 'subscribe', { signalId: 'v' }),
    meta(2, 'signal', value('real64')),
    data(1, new BigInt64Array([0n, START])),
  );
}

function points(list: [row: bigint, count: bigint, min: number, max: number][]): [Uint8Array, Uint8Array] {
  const bytes = new DataView(new ArrayBuffer(56 * list.length));
  const stamps = new BigInt64Array(list.length);
  list.forEach(([row, count, min, max], i) => {
    stamps[i] = START + row * 100_000n;
    const last = START + (row + count - 1n) * 100_000n;
    [row, count, last].forEach((v, k) => bytes.setBigInt64(56 * i + 8 * k, v, true));
    [min, min, max, max].forEach((v, k) => bytes.setFloat64(56 * i + 24 + 8 * k, v, true));
  });
  return [data(3, stamps), packet(1, 4, new Uint8Array(bytes.buffer))];
}

test('a page that nobody sees subscribes to nothing', async () => {
  const { engine, peer } = connected('v', 'w');
  engine.wants({ ...WANT, rows: ['w'], plots: [['v']] });
  assert.deepEqual((await peer.command()).params, ['v?contract=gap', 'w?contract=latest&perSecond=5']);
  describe(peer);
  engine.wants({ ...WANT, rows: ['w'], plots: [['v']], isHidden: true });
  const command = await peer.command();
  assert.match(command.method, /unsubscribe/);
  assert.deepEqual(command.params.sort(), ['v?contract=gap', 'w?contract=latest&perSecond=5']);
  engine.close();
});

/** The command that is on its way when a signal goes, which the server then refuses. */
async function refuse(peer: Peer, answer: object): Promise<string[]> {
  for (let i = 0; i < 200 && peer.commands.length === 0; i++) await sleep(5);
  const { id, params } = peer.commands.shift()!;
  peer.say(meta(0, 'unavailable', { signalIds: ['v'] }), meta(0, 'response', { id, jsonrpc: '2.0', ...answer }));
  return params;
}

for (const [what, answer] of [
  ['refused', { result: [false, false] }],
  ['answered with an error', { error: { code: -32602, message: 'no such signal' } }],
] as const) {
  test('what was ' + what + ' is asked for again when it is offered again', async () => {
    const { engine, peer } = connected('v');
    engine.wants({ ...WANT, rows: ['v'], plots: [['v']] });
    const both = ['v?contract=gap', 'v?contract=latest&perSecond=5'];
    assert.deepEqual(await refuse(peer, answer), both);
    engine.tick();
    assert.equal(engine.frame(ASK).rows[0]!.isRefused, true);
    peer.say(meta(0, 'available', { signalIds: ['v'] }));
    assert.deepEqual((await peer.command()).params, both);
    const { rows, plots } = engine.frame(ASK);
    assert.equal(rows[0]!.isRefused, false);
    assert.equal(plots![0]!.traces[0]!.problem, 'no sample yet');
    engine.close();
  });
}

test('a link may name parts of signals before these are known', async () => {
  Peer.all = [];
  const engine = new Engine('ws://peer/', { open: () => new Peer() });
  engine.wants({ ...WANT, plots: [['s#x', 'id#y']] });
  const peer = Peer.all[0]!;
  peer.greet('s', 'id', 'id#y');
  assert.deepEqual((await peer.command()).params.sort(), ['id#y?contract=gap', 's?contract=gap']);
  engine.close();
});

test('a long window is fed by extremes, and begins where the samples end', async () => {
  const { engine, peer } = connected('v');
  const want = { ...WANT, plots: [['v']], windowS: 1000 };
  engine.wants(want);
  await peer.command();
  describe(peer);
  peer.say(
    data(
      2,
      Float64Array.from({ length: 1000 }, (_, i) => i),
    ),
  );
  engine.tick();
  const id = 'v?contract=envelope&perSecond=1';
  assert.deepEqual((await peer.command()).params, [id]);
  const struct = ['row', 'count', 'lastTick'].map((name) => ({ name, dataType: 'int64' }));
  struct.push(...['first', 'min', 'max', 'last'].map((name) => ({ name, dataType: 'real64' })));
  peer.say(
    meta(3, 'subscribe', { signalId: id + '&domain' }),
    meta(3, 'signal', {
      ...(linearTime(1) as object),
      tableId: id + '&domain',
      definition: {
        rule: 'explicit',
        dataType: 'int64',
        resolution: { num: 1, denom: 1_000_000_000 },
        absoluteReference: '1970-01-01',
      },
    }),
    meta(4, 'subscribe', { signalId: id }),
    meta(4, 'signal', value('struct', { struct }, 0, id + '&domain')),
    ...points([
      [500n, 10_000n, -7, 9],
      [10_500n, 10_000n, 1, 2],
    ]),
  );
  engine.tick();
  assert.match((await peer.command()).method, /unsubscribe/);
  peer.say(...points([[30_500n, 10_000n, 1, 2]]));
  const plot = engine.frame(ASK).plots![0]!;
  assert.equal(plot.traces[0]!.isCoarse, true);
  assert.equal(plot.traces[0]!.text, '2');
  const y = [...plot.ys[0]!].filter(Number.isFinite);
  assert.deepEqual([Math.min(...y), Math.max(...y)], [-7, 499]);
  assert.equal(plot.gaps.length, 1, 'rows 20500 to 30499 are missing');
  engine.close();
});

test('columns have places for gaps only where there is a gap', async () => {
  const { engine, peer } = connected('v');
  engine.wants({ ...WANT, plots: [['v']], windowS: 0.25 });
  await peer.command();
  describe(peer);
  const samples = Float64Array.from({ length: 1000 }, (_, i) => (i === 500 ? 7 : i % 2));
  const columnsOf = () => {
    const { xs, ys } = engine.frame(ASK).plots![0]!;
    assert.equal(ys[0]!.length, xs.length);
    assert.ok(xs.every((x, i) => i === 0 || x > xs[i - 1]!));
    const values = [...ys[0]!].filter(Number.isFinite);
    assert.deepEqual([Math.min(...values), Math.max(...values)], [0, 7]);
    return { places: xs.length, gaps: ys[0]!.filter(Number.isNaN).length };
  };
  peer.say(data(2, samples));
  assert.deepEqual(columnsOf(), { places: 2 * 101, gaps: 0 });
  peer.say(data(1, new BigInt64Array([1000n, START + 110_000_000n])), data(2, samples));
  const { places, gaps } = columnsOf();
  assert.equal(places, 3 * 101);
  assert.ok(gaps > 0);
  engine.close();
});

test('a file has every sample with all its digits', async () => {
  const { engine, peer } = connected('v');
  engine.wants({ ...WANT, plots: [['v']], windowS: 0.01 });
  await peer.command();
  describe(peer);
  peer.say(meta(2, 'signal', value('int64')), data(2, new BigInt64Array([1n, 2n ** 62n + 1n, -5n])));
  const { from, to } = engine.frame(ASK);
  assert.equal(
    engine.csv(from, to).text,
    '"time [UTC]","t [ns]","v"\r\n' +
      '2026-11-18 11:06:40.000000000,1795000000000000000,1\r\n' +
      '2026-11-18 11:06:40.000100000,1795000000000100000,4611686018427387905\r\n' +
      '2026-11-18 11:06:40.000200000,1795000000000200000,-5\r\n',
  );
  engine.close();
});

test('what nobody asks for does not grow beyond its room', async () => {
  const { engine, peer } = connected('v');
  engine.wants({ ...WANT, plots: [['v']], windowS: 0.01 });
  await peer.command();
  describe(peer);
  const block = data(2, new Float64Array(8000));
  for (let i = 0; i < 1500; i++) {
    peer.say(block);
    if (i % 100 === 99) engine.tick();
  }
  engine.tick();
  const { bytes, limitBytes, seconds } = engine.frame(ASK).history;
  assert.ok(bytes <= limitBytes, bytes + ' of ' + limitBytes);
  assert.ok(seconds > 600);
  engine.close();
});

test('eight hours of twenty signals at 10 Hz have room', async () => {
  const { engine, peer } = connected('v');
  const keys = ['v', ...Array.from({ length: 19 }, (_, i) => 'w' + i)];
  engine.wants({ ...WANT, plots: [keys], windowS: 10 });
  await peer.command();
  describe(peer);
  peer.say(meta(1, 'signal', linearTime(100_000_000)), data(1, new BigInt64Array([0n, START])));
  for (let i = 0; i < 288; i++) peer.say(data(2, new Float64Array(1000)));
  engine.tick();
  const { bytes, seconds } = engine.frame(ASK).history;
  assert.ok(Math.abs(seconds - 28_800) < 1, seconds + ' s');
  assert.ok(bytes * 20 < 200e6, bytes * 20 + ' bytes for all');
  engine.close();
});

test('a vector has value and place at the pointer, and begins anew when it gets longer', async () => {
  const { engine, peer } = connected('v');
  engine.wants({ ...WANT, plots: [['v']] });
  await peer.command();
  const document = (size: number, row: number) => {
    const dimension = { name: 'f', rule: 'linear', linear: { start: 10, delta: 5, size }, unit: { displayName: 'Hz' } };
    return value('real64', { dimensions: [dimension], unit: { displayName: 'V' } }, row);
  };
  peer.say(
    meta(1, 'subscribe', { signalId: 'time' }),
    meta(1, 'signal', linearTime(SECOND)),
    meta(2, 'subscribe', { signalId: 'v' }),
    meta(2, 'signal', document(2, 0)),
    data(1, new BigInt64Array([0n, START])),
    data(2, Float64Array.of(0.1, 0.2, 0.3, 0.4)),
  );
  const at = Number(START % 86_400_000_000_000n) / 1e9;
  const ask = { ...ASK, cursors: [at], places: [{ label: 'f [Hz]', value: 16 }] };
  const [trace] = engine.frame(ask).plots![0]!.traces;
  const [reading] = trace!.at;
  assert.deepEqual([reading!.text, reading!.where, reading!.ns], ['0.2', '15 Hz', String(START)]);
  assert.equal(trace!.text, '0.3 … 0.4');
  assert.deepEqual([...trace!.profile!.y], [0.3, 0.4]);
  assert.ok(trace!.picture!.cells.some((cell) => cell > 0));
  peer.say(meta(2, 'signal', document(3, 2)), data(2, Float64Array.of(1, 2, 3)));
  const csv = engine
    .csv(at - 10, at + 10)
    .text.trim()
    .split('\r\n');
  assert.equal(csv.length, 2);
  assert.equal(csv[0], '"time [UTC]","t [ns]","v at f [Hz] 10 [V]","v at f [Hz] 15 [V]","v at f [Hz] 20 [V]"');
  assert.ok(csv[1]!.endsWith(',1,2,3'), csv[1]);
  engine.close();
});
