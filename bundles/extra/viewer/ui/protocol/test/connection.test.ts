// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '@msgpack/msgpack';
import { Connection, envelope, latest, sourceOf, type Socket } from '../src/index.js';
import { message, meta } from './wire.js';

interface Command {
  id: number;
  method: string;
  params: string[];
}

/** A server on the other end of a socket. */
class Peer implements Socket {
  static all: Peer[] = [];
  binaryType = '';
  onopen = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror = null;
  commands: Command[] = [];
  unknown = new Set<string>();

  constructor() {
    Peer.all.push(this);
  }

  send(bytes: Uint8Array): void {
    const isShort = (bytes[2]! & 0xf0) !== 0 || (bytes[3]! & 0x0f) !== 0;
    const document = decode(bytes.subarray(isShort ? 8 : 12)) as { params: Command };
    this.commands.push(document.params);
  }

  say(...packets: Uint8Array[]): void {
    for (const each of packets) this.onmessage?.({ data: message(each) });
  }

  greet(...ids: string[]): void {
    this.say(
      meta(0, 'apiVersion', { version: '1.2.0' }),
      meta(0, 'init', { streamId: 'S1' }),
      meta(0, 'available', { signalIds: ids }),
    );
  }

  async command(): Promise<Command> {
    for (let i = 0; i < 200 && this.commands.length === 0; i++) await sleep(5);
    const command = this.commands.shift()!;
    assert.ok(command, 'no command came');
    const result = command.params.map((id) => !this.unknown.has(id));
    this.say(meta(0, 'response', { id: command.id, jsonrpc: '2.0', result }));
    return command;
  }

  close(): void {}
}

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

test('what is wanted is subscribed to when it is there, and again after the server was away', async () => {
  Peer.all = [];
  const heard: string[] = [];
  const connection = new Connection('ws://peer/', {
    state: (state) => heard.push(state),
    ended: (id) => heard.push('ended ' + id),
    unavailable: (ids) => heard.push('gone ' + ids),
  }, { open: () => new Peer(), retryMs: 5 });
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
    'connecting', 'connected', 'ended a', 'ended b?contract=latest&perSecond=5', 'gone a,b',
    'waiting', 'connecting', 'connected',
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
  const connection = new Connection('ws://peer/', {
    available: () => {
      throw new Error('mine');
    },
  }, { open: () => new Peer() });
  const peer = Peer.all[0]!;
  peer.greet('a');
  connection.subscribe('a');
  await peer.command();
  assert.equal(connection.listenerFaults, 1);
  connection.close();
});

test('contracts stand behind an id, whatever is in it', () => {
  assert.equal(sourceOf(envelope('a?contract=b', 2.4)), 'a?contract=b');
  assert.equal(latest('x', 5000), 'x?contract=latest&perSecond=1000');
});
