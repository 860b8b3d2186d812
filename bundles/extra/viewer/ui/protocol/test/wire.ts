// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { decode, encode } from '@msgpack/msgpack';
import { Session, type Block, type Description, type Loss, type Socket } from '../src/index.js';

/** A packet as a server writes it. */
export function packet(type: number, signo: number, payload: Uint8Array): Uint8Array {
  const isLong = payload.length > 255 || payload.length === 0;
  const bytes = new Uint8Array((isLong ? 8 : 4) + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, ((type << 28) | (isLong ? 0 : payload.length << 20) | signo) >>> 0, true);
  if (isLong) view.setUint32(4, payload.length, true);
  bytes.set(payload, isLong ? 8 : 4);
  return bytes;
}

export function meta(signo: number, method: string, params: unknown): Uint8Array {
  const document = encode({ method, params }, { useBigInt64: true });
  const payload = new Uint8Array(4 + document.length);
  payload[0] = 2;
  payload.set(document, 4);
  return packet(2, signo, payload);
}

export function data(signo: number, numbers: ArrayBufferView): Uint8Array {
  return packet(1, signo, new Uint8Array(numbers.buffer as ArrayBuffer, numbers.byteOffset, numbers.byteLength));
}

export function message(...packets: Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(packets.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of packets) {
    whole.set(each, at);
    at += each.length;
  }
  return whole.buffer;
}

export function linearTime(delta: bigint | number): unknown {
  return {
    definition: {
      name: 'Time',
      rule: 'linear',
      linear: { delta },
      dataType: 'int64',
      unit: { displayName: 's', quantity: 'time' },
      resolution: { num: 1, denom: 1_000_000_000 },
      absoluteReference: '1970-01-01',
    },
    tableId: 'time',
    valueIndex: 0,
  };
}

export function value(dataType: string, more: object = {}, valueIndex = 0, tableId = 'time'): unknown {
  return { definition: { name: 'v', rule: 'explicit', dataType, ...more }, tableId, valueIndex };
}

/** A session that notes what it tells. */
export class Heard {
  readonly blocks: Block[] = [];
  readonly losses: Loss[] = [];
  readonly descriptions = new Map<string, Description>();
  readonly offered: string[] = [];
  readonly gone: string[] = [];
  readonly ended: string[] = [];
  readonly marks: number[] = [];
  readonly session = new Session({
    ready: () => {},
    available: (ids) => this.offered.push(...ids),
    unavailable: (ids) => this.gone.push(...ids),
    described: (id, description) => this.descriptions.set(id, description),
    subscribed: () => {},
    unsubscribed: (id) => this.ended.push(id),
    block: (block) => this.blocks.push(block),
    loss: (_, loss) => this.losses.push(loss),
    response: () => {},
    alive: () => {},
    mark: (number) => this.marks.push(number),
  });

  hear(...packets: Uint8Array[]): this {
    for (const each of packets) this.session.receive(message(each));
    return this;
  }

  /** A linear domain with number 1 and a value with number 2. */
  subscribed(description: unknown, delta: bigint | number = 1000): this {
    return this.hear(
      meta(1, 'subscribe', { signalId: 'time' }),
      meta(1, 'signal', linearTime(delta)),
      meta(2, 'subscribe', { signalId: 'v' }),
      meta(2, 'signal', description),
    );
  }
}

export interface Command {
  id: number;
  method: string;
  params: string[];
}

/** A server on the other end of a socket. */
export class Peer implements Socket {
  static all: Peer[] = [];
  binaryType = '';
  onopen = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror = null;
  commands: Command[] = [];
  /** What came besides commands. */
  readonly said: [string, unknown][] = [];
  unknown = new Set<string>();

  constructor() {
    Peer.all.push(this);
  }

  send(bytes: Uint8Array): void {
    const isShort = (bytes[2]! & 0xf0) !== 0 || (bytes[3]! & 0x0f) !== 0;
    const document = decode(bytes.subarray(isShort ? 8 : 12)) as { method: string; params: Command };
    if (document.method === 'request') this.commands.push(document.params);
    else this.said.push([document.method, document.params]);
  }

  say(...packets: Uint8Array[]): void {
    for (const each of packets) this.onmessage?.({ data: message(each) });
  }

  greet(...ids: string[]): void {
    this.greetWith({}, ...ids);
  }

  greetWith(supported: object, ...ids: string[]): void {
    this.say(
      meta(0, 'apiVersion', { version: '1.2.0' }),
      meta(0, 'init', { streamId: 'S1', supported }),
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

export const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));
