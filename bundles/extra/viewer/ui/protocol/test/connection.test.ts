// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection, envelope, latest, sourceOf } from '../src/index.js';
import { meta, Peer, sleep } from './wire.js';

test('what is wanted is subscribed to when it is there, and again after the server was away', async () => {
  Peer.all = [];
  const heard: string[] = [];
  const connection = new Connection(
    'ws://peer/',
    {
      state: (state) => heard.push(state),
      ended: (id) => heard.push('ended ' + id),
      unavailable: (ids) => heard.push('gone ' + ids),
    },
    { open: () => new Peer(), retryMs: 5 },
  );
  connection.subscribe('a');
  connection.subscribe(latest('b', 5));
  const first = Peer.all[0]!;
  first.greet('a');
  assert.deepEqual((await first.command()).params, ['a?contract=gap']);
  first.say(meta(0, 'available', { signalIds: ['b'] }));
  const second = await first.command();
  assert.equal(second.method, 'S1.subscribe');
  assert.deepEqual(second.params, ['b?contract=latest&perSecond=5']);
  first.onclose!({ code: 1006, reason: '' });
  for (let i = 0; i < 200 && Peer.all.length < 2; i++) await sleep(5);
  const again = Peer.all[1]!;
  again.greet('a', 'b');
  assert.deepEqual((await again.command()).params, ['a?contract=gap', 'b?contract=latest&perSecond=5']);
  assert.deepEqual(heard, [
    'connecting',
    'connected',
    'ended a',
    'ended b?contract=latest&perSecond=5',
    'gone a,b',
    'waiting',
    'connecting',
    'connected',
  ]);
  connection.close();
});

test('a refused signal is told and not asked for again', async () => {
  Peer.all = [];
  const refused: string[] = [];
  const connection = new Connection('ws://peer/', { refused: (id) => refused.push(id) }, { open: () => new Peer() });
  const peer = Peer.all[0]!;
  peer.unknown.add('t?contract=latest&perSecond=5');
  peer.greet('t', 'v');
  connection.subscribe(latest('t', 5));
  await peer.command();
  connection.subscribe('v');
  assert.deepEqual((await peer.command()).params, ['v?contract=gap']);
  assert.deepEqual(refused, [latest('t', 5)]);
  connection.unsubscribe('v');
  const last = await peer.command();
  assert.deepEqual([last.method, last.params], ['S1.unsubscribe', ['v?contract=gap']]);
  connection.close();
});

test('a listener that throws ends nothing', async () => {
  Peer.all = [];
  const connection = new Connection(
    'ws://peer/',
    {
      available: () => {
        throw new Error('mine');
      },
    },
    { open: () => new Peer() },
  );
  const peer = Peer.all[0]!;
  peer.greet('a');
  connection.subscribe('a');
  await peer.command();
  assert.equal(connection.listenerFaults, 1);
  connection.close();
});

test('a server that can is asked for messages of several packets, and told what is reached', async () => {
  Peer.all = [];
  const connection = new Connection('ws://peer/', {}, { open: () => new Peer(), delivery: { lagMs: 700 } });
  const peer = Peer.all[0]!;
  peer.greetWith({ delivery: { messageBytes: 65_535 } }, 'a');
  assert.deepEqual(peer.said, [['delivery', { messageBytes: 65_535, aheadBytes: 4_194_304, lagMs: 700 }]]);
  assert.equal(connection.lagMs, undefined);
  peer.say(meta(0, 'mark', { lagMs: 0, number: 1 }));
  assert.equal(connection.lagMs, undefined);
  peer.say(meta(0, 'mark', { lagMs: 40, number: 2 }));
  assert.deepEqual(peer.said.slice(1), [
    ['reached', { number: 1 }],
    ['reached', { number: 2 }],
  ]);
  assert.equal(connection.lagMs, 40);
  connection.close();
});

test('other servers are asked for nothing', () => {
  Peer.all = [];
  const connection = new Connection('ws://peer/', {}, { open: () => new Peer() });
  Peer.all[0]!.greetWith({ signals: { messageBytes: 65_536 } }, 'a');
  Peer.all[0]!.greet('a');
  assert.deepEqual(Peer.all[0]!.said, []);
  connection.close();
});

test('contracts stand behind an id, whatever is in it', () => {
  assert.equal(sourceOf(envelope('a?contract=b', 2.4)), 'a?contract=b');
  assert.equal(latest('x', 5000), 'x?contract=latest&perSecond=1000');
});
