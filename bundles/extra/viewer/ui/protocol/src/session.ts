// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { describe, type Description } from './description.js';
import { Line } from './line.js';
import { listOf, mapOf, merge, numberOf, readMessage, textOf, wholeOf, type Value } from './metadata.js';
import { DATA, PacketReader } from './packets.js';
import { ticksOf } from './samples.js';

/** Rows of a signal that were not sent (protocol section 2.7). */
export interface Loss {
  signalId: string;
  fromRow: bigint;
  toRow: bigint;
  fromTick: bigint;
  toTick: bigint;
}

/** Samples that came together. */
export interface Block {
  /** As it was subscribed to, with a contract behind it if there is one. */
  id: string;
  description: Description;
  /** Of the domain; undefined if the signal has none that is known. */
  domain: Description | undefined;
  row: bigint;
  count: number;
  /** Tick of the first sample. */
  tick: bigint;
  /** Ticks from a sample to the next; 0 if `ticks` has them. */
  delta: bigint;
  /** Ticks of all samples, on an explicit domain. */
  ticks: BigInt64Array | undefined;
  /** The samples as they came, part of the message. */
  data: Uint8Array;
  /** Whether the first sample is the one behind the last of the block before. */
  continues: boolean;
}

/** What a session tells; none of these may throw. */
export interface SessionListener {
  /** The session may be commanded. */
  ready(sessionId: string): void;
  available(ids: readonly string[]): void;
  unavailable(ids: readonly string[]): void;
  described(id: string, description: Description): void;
  subscribed(id: string): void;
  unsubscribed(id: string): void;
  block(block: Block): void;
  loss(id: string, loss: Loss): void;
  response(id: number, result: Value, error: string | undefined): void;
  /** How much of what is kept for this client it has still to get, 0 to 100. */
  alive(fillLevel: number): void;
  /**
   * All that came before is done; the server wants to hear of it (protocol section 2.9).
   * `lagMs` is how old samples were when an earlier mark was reached.
   */
  mark(number: number, lagMs: number): void;
}

interface Signal {
  id: string;
  signo: number;
  document: Value;
  description: Description | undefined;
  /** Of the next sample. */
  row: bigint;
  /** Of the sample that would continue the last block; undefined behind a hole. */
  nextTick: bigint | undefined;
  isAfterHole: boolean;
  /** Of a linear domain. */
  line: Line;
  /** Of an explicit domain: the stamps of the next block. */
  stamps: BigInt64Array | undefined;
}

const MAX_SIGNALS = 200_000;
const MAX_NAMES = 64 * 1024 * 1024;
const MAX_SUBSCRIBED = 65_536;

/**
 * The reading half of one connection: messages in, blocks with exact rows and ticks out. Whatever
 * comes, it throws nothing; what it cannot read is counted and left out.
 */
export class Session {
  private readonly packets: PacketReader;
  private readonly bySigno = new Map<number, Signal>();
  private readonly byId = new Map<string, Signal>();
  private readonly offered = new Set<string>();
  private offeredLength = 0;

  /** What was left out. */
  faults = 0;
  sessionId: string | undefined;
  /** The largest message of several packets that the server makes; 0 if it makes none. */
  messageBytes = 0;

  constructor(private readonly listener: SessionListener) {
    this.packets = new PacketReader((type, signo, payload) => {
      try {
        if (type === DATA) this.data(signo, payload);
        else this.metadata(signo, payload);
      } catch {
        this.faults++;
      }
    });
  }

  /** Takes a message; its bytes are kept by the blocks, so the caller does not reuse them. */
  receive(message: ArrayBuffer): void {
    try {
      this.packets.read(message);
    } catch {
      this.faults++;
    }
  }

  isAvailable(id: string): boolean {
    return this.offered.has(id);
  }

  private metadata(signo: number, payload: Uint8Array): void {
    const message = readMessage(payload);
    if (message === undefined) {
      this.faults++;
    } else if (signo === 0) {
      this.ofSession(message.method, message.params);
    } else {
      this.ofSignal(signo, message.method, message.params);
    }
  }

  private ofSession(method: string, params: Value): void {
    const map = mapOf(params);
    switch (method) {
      case 'init': {
        const id = textOf(map['streamId']);
        if (id !== undefined && this.sessionId === undefined) {
          this.sessionId = id;
          const delivery = mapOf(mapOf(map['supported'])['delivery']);
          this.messageBytes = numberOf(delivery['messageBytes']) ?? 0;
          this.listener.ready(id);
        }
        break;
      }
      case 'available':
        this.offer(listOf(Array.isArray(params) ? params : map['signalIds']));
        break;
      case 'unavailable': {
        const gone = listOf(Array.isArray(params) ? params : map['signalIds']).filter(
          (id): id is string => typeof id === 'string',
        );
        for (const id of gone) {
          if (this.offered.delete(id)) this.offeredLength -= id.length;
          const signal = this.byId.get(id);
          if (signal !== undefined) this.end(signal);
        }
        this.listener.unavailable(gone);
        break;
      }
      case 'response': {
        const id = map['id'];
        const error = map['error'];
        const text = textOf(mapOf(error)['message']) ?? (error == null ? undefined : 'refused');
        if (typeof id === 'number') this.listener.response(id, map['result'], text);
        break;
      }
      case 'mark':
        this.listener.mark(numberOf(map['number']) ?? 0, numberOf(map['lagMs']) ?? 0);
        break;
      case 'alive': {
        const level = map['fillLevel'];
        this.listener.alive(typeof level === 'number' && level >= 0 ? Math.min(level, 100) : 0);
        break;
      }
    }
  }

  private offer(ids: readonly Value[]): void {
    const fresh: string[] = [];
    for (const id of ids) {
      if (typeof id !== 'string' || this.offered.has(id)) continue;
      if (this.offered.size >= MAX_SIGNALS || this.offeredLength + id.length > MAX_NAMES) {
        this.faults++;
        continue;
      }
      this.offered.add(id);
      this.offeredLength += id.length;
      fresh.push(id);
    }
    this.listener.available(fresh);
  }

  private ofSignal(signo: number, method: string, params: Value): void {
    const known = this.bySigno.get(signo);
    switch (method) {
      case 'subscribe': {
        const id = textOf(mapOf(params)['signalId']);
        if (id === undefined || known?.id === id) return;
        if (known !== undefined) this.end(known);
        if (this.bySigno.size >= MAX_SUBSCRIBED) {
          this.faults++;
          return;
        }
        this.begin(signo, id);
        break;
      }
      case 'unsubscribe':
        if (known !== undefined) this.end(known);
        break;
      case 'signal':
        if (known !== undefined) this.describe(known, params);
        break;
      case 'loss':
        if (known !== undefined) this.lose(known, params);
        break;
    }
  }

  private begin(signo: number, id: string): void {
    const signal: Signal = {
      id,
      signo,
      document: undefined,
      description: undefined,
      row: 0n,
      nextTick: undefined,
      isAfterHole: true,
      line: new Line(),
      stamps: undefined,
    };
    this.bySigno.set(signo, signal);
    this.byId.set(id, signal);
    this.listener.subscribed(id);
  }

  private end(signal: Signal): void {
    this.bySigno.delete(signal.signo);
    if (this.byId.get(signal.id) === signal) this.byId.delete(signal.id);
    this.listener.unsubscribed(signal.id);
  }

  private describe(signal: Signal, params: Value): void {
    signal.document = merge(signal.document, params);
    const description = describe(signal.document, signal.id);
    signal.description = description;
    if (wholeOf(mapOf(params)['valueIndex']) !== undefined) {
      if (description.valueIndex !== signal.row) signal.isAfterHole = true;
      signal.row = description.valueIndex;
    }
    this.listener.described(signal.id, description);
  }

  private lose(signal: Signal, params: Value): void {
    const map = mapOf(params);
    signal.isAfterHole = true;
    const [fromRow, toRow, fromTick, toTick] = [
      wholeOf(map['fromRow']),
      wholeOf(map['toRow']),
      wholeOf(map['fromTick']),
      wholeOf(map['toTick']),
    ];
    if (fromRow === undefined || toRow === undefined || fromTick === undefined || toTick === undefined) {
      this.faults++;
      return;
    }
    this.listener.loss(signal.id, { signalId: signal.id, fromRow, toRow, fromTick, toTick });
  }

  private data(signo: number, payload: Uint8Array): void {
    const signal = this.bySigno.get(signo);
    const description = signal?.description;
    if (signal === undefined || description === undefined || payload.length === 0) return;
    if (description.rule === 'linear' && description.domainId === signal.id) {
      signal.line.take(payload);
    } else if (description.domainId === signal.id) {
      signal.stamps = ticksOf(payload);
    } else if (description.rule === 'constant') {
      this.constants(signal, description, payload);
    } else {
      this.samples(signal, description, payload);
    }
  }

  private constants(signal: Signal, description: Description, payload: Uint8Array): void {
    const size = description.sampleBytes;
    if (size === 0) {
      this.faults++;
      return;
    }
    if (payload.length % (8 + size) !== 0) {
      if (payload.length === size) this.samples(signal, description, payload);
      else this.faults++;
      return;
    }
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    let last: bigint | undefined;
    for (let at = 0; at < payload.length; at += 8 + size) {
      const row = view.getBigInt64(at, true);
      if (last !== undefined && row <= last) {
        this.faults++;
        return;
      }
      last = row;
      signal.row = row;
      signal.isAfterHole = false; // what lies between is as before
      this.samples(signal, description, payload.subarray(at + 8, at + 8 + size));
    }
  }

  private samples(signal: Signal, description: Description, payload: Uint8Array): void {
    const size = description.sampleBytes || payload.length;
    if (payload.length % size !== 0) {
      this.faults++;
      return;
    }
    const count = payload.length / size;
    const domainSignal = this.byId.get(description.domainId);
    const domain = domainSignal?.description;
    if (domain !== undefined && domain.rule !== 'linear') {
      const ticks = domainSignal!.stamps;
      if (ticks === undefined || ticks.length < count) {
        this.faults++;
        signal.row += BigInt(count);
        return;
      }
      const own = ticks.length === count ? ticks : ticks.slice(0, count);
      this.emit(signal, description, domain, payload, count, own[0]!, 0n, own);
      return;
    }
    const line = domainSignal?.line ?? new Line();
    let done = 0;
    while (done < count) {
      const { tick, left } = line.at(signal.row, count - done, domain?.delta ?? 1n);
      const part = payload.subarray(done * size, (done + left) * size);
      this.emit(signal, description, domain, part, left, tick, domain?.delta ?? 1n, undefined);
      done += left;
    }
  }

  private emit(
    signal: Signal,
    description: Description,
    domain: Description | undefined,
    data: Uint8Array,
    count: number,
    tick: bigint,
    delta: bigint,
    ticks: BigInt64Array | undefined,
  ): void {
    const row = signal.row;
    const isLinear = ticks === undefined;
    const jumps = isLinear && signal.nextTick !== undefined && signal.nextTick !== tick;
    const continues = !signal.isAfterHole && (!jumps || description.rule === 'constant');
    signal.row = row + BigInt(count);
    signal.nextTick = isLinear ? tick + delta * BigInt(count) : undefined;
    signal.isAfterHole = false;
    this.listener.block({
      id: signal.id,
      description,
      domain,
      row,
      count,
      tick,
      delta: isLinear ? delta : 0n,
      ticks,
      data,
      continues,
    });
  }
}
