// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// A small client of the openDAQ streaming protocol, written from the protocol text alone.

import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { decode, encode } from '@msgpack/msgpack';
import WebSocket from 'ws';

const TYPE_DATA = 1;
const TYPE_METADATA = 2;
const ENCODING_JSON = 1;
const ENCODING_MSGPACK = 2;

const READERS = {
  int8: [1, (b, at) => b.readInt8(at)],
  uint8: [1, (b, at) => b.readUInt8(at)],
  int16: [2, (b, at) => b.readInt16LE(at)],
  uint16: [2, (b, at) => b.readUInt16LE(at)],
  int32: [4, (b, at) => b.readInt32LE(at)],
  uint32: [4, (b, at) => b.readUInt32LE(at)],
  int64: [8, (b, at) => b.readBigInt64LE(at)],
  uint64: [8, (b, at) => b.readBigUInt64LE(at)],
  real32: [4, (b, at) => b.readFloatLE(at)],
  real64: [8, (b, at) => b.readDoubleLE(at)],
};

/** Milliseconds since 1970-01-01, with fractions. */
export const wallMs = () => performance.timeOrigin + performance.now();

/** One packet: header, payload, and that the message holds nothing else. */
export function packetOf(message) {
  const packets = packetsOf(message);
  if (packets.length !== 1) throw new Error(`a message of ${packets.length} packets`);
  return packets[0];
}

/** All packets of a message. */
export function packetsOf(message) {
  const packets = [];
  for (let at = 0; at < message.length; at += packets.at(-1).bytes) {
    packets.push(firstPacketOf(message.subarray(at)));
  }
  return packets;
}

function firstPacketOf(message) {
  const word = message.readUInt32LE(0);
  const type = (word >>> 28) & 3;
  const signo = word & 0xfffff;
  const shortSize = (word >>> 20) & 0xff;
  const start = shortSize === 0 ? 8 : 4;
  const size = shortSize === 0 ? message.readUInt32LE(4) : shortSize;
  if (word >>> 30 !== 0) throw new Error(`reserved header bits set in ${word.toString(16)}`);
  const bytes = start + size;
  if (message.length < bytes) {
    throw new Error(`a message of ${message.length} bytes holds a packet of ${bytes}`);
  }
  return { type, signo, payload: message.subarray(start, bytes), bytes };
}

function metadataOf(payload) {
  const encoding = payload.readUInt32LE(0);
  const document = payload.subarray(4);
  if (encoding === ENCODING_MSGPACK) return decode(document, { useBigInt64: true });
  if (encoding === ENCODING_JSON) return JSON.parse(document.toString('utf8'));
  throw new Error(`unknown metadata encoding ${encoding}`);
}

/** Where a table stands: domain value of a row, from the pairs its domain signal sent. */
class Table {
  segments = [];

  start(row, tick) {
    this.segments.push({ row, tick });
  }

  /** The tick of a row that has just come: only the latest pair counts. */
  tick(row, deltaTicks) {
    const segment = this.segments.at(-1);
    if (!segment) throw new Error(`data of row ${row} before any domain value`);
    if (row < segment.row) throw new Error(`row ${row} came after the pair for ${segment.row}`);
    return segment.tick + (row - segment.row) * deltaTicks;
  }
}

/**
 * A connection. `events` is everything that came, in order; `signals` what is known by id;
 * `samples` the decoded ones by signal id as {row, tick, timeNs, value, receivedMs}.
 */
export class StreamingClient {
  events = [];
  available = new Set();
  signals = new Map();
  samples = new Map();
  errors = [];
  closed = null;
  messages = 0;
  #isJoined = false;
  #bySigno = new Map();
  #tables = new Map();
  #waiters = new Set();
  #nextId = 1;

  constructor(url, onEvent = () => {}, headers = {}) {
    this.url = new URL(url);
    this.onEvent = onEvent;
    this.socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: 10_000, headers });
    this.socket.binaryType = 'nodebuffer';
    this.socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    this.socket.on('error', (error) => this.#fail(error));
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
  }

  #fail(error) {
    this.errors.push(error);
    this.#wake();
  }

  #wake() {
    for (const wake of [...this.#waiters]) wake();
  }

  /** Waits until `condition` gives something true, and gives it; fails after `timeoutMs`. */
  async until(what, condition, timeoutMs = 5_000) {
    return new Promise((resolve, reject) => {
      const done = (action, value) => {
        clearTimeout(timer);
        this.#waiters.delete(wake);
        action(value);
      };
      const wake = () => {
        const value = condition();
        if (value) done(resolve, value);
        else if (this.errors.length > 0) done(reject, this.errors[0]);
        else if (this.closed) done(reject, new Error(`closed while waiting for ${what}`));
      };
      const timer = setTimeout(() => done(reject, new Error(`no ${what} within ${timeoutMs} ms`)), timeoutMs);
      this.#waiters.add(wake);
      wake();
    });
  }

  #receive(data, isBinary) {
    try {
      if (!isBinary) throw new Error('a text message came');
      this.messages++;
      for (const packet of this.#isJoined ? packetsOf(data) : [packetOf(data)]) {
        if (packet.type === TYPE_METADATA) this.#metadata(packet.signo, metadataOf(packet.payload));
        else if (packet.type === TYPE_DATA) this.#data(packet.signo, packet.payload);
        else throw new Error(`unknown packet type ${packet.type}`);
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#wake();
  }

  #record(event) {
    event.index = this.events.length;
    event.receivedMs = wallMs();
    this.events.push(event);
    this.onEvent(event);
  }

  #metadata(signo, { method, params }) {
    const signal = this.#bySigno.get(signo);
    const id = signo === 0 ? '' : (params?.signalId ?? signal?.id);
    this.#record({ kind: 'metadata', signo, method, params, id });
    if (signo === 0) this.#streamMetadata(method, params);
    else if (method === 'subscribe') this.#acknowledged(signo, params.signalId);
    else if (!signal) throw new Error(`'${method}' for signal number ${signo} without a subscribe`);
    else if (method === 'unsubscribe') this.#bySigno.delete(signo);
    else if (method === 'signal') this.#described(signal, params);
  }

  #streamMetadata(method, params) {
    if (method === 'init') {
      this.streamId = params.streamId;
      this.commandInterfaces = params.commandInterfaces;
      this.supported = params.supported;
    } else if (method === 'mark') {
      this.#say('reached', { number: params.number });
    } else if (method === 'available') {
      params.signalIds.forEach((id) => this.available.add(id));
    } else if (method === 'unavailable') {
      params.signalIds.forEach((id) => this.available.delete(id));
    }
  }

  #acknowledged(signo, id) {
    if (this.#bySigno.has(signo)) throw new Error(`signal number ${signo} acknowledged twice`);
    const signal = { id, signo };
    this.#bySigno.set(signo, signal);
    this.signals.set(id, signal);
  }

  #described(signal, params) {
    Object.assign(signal, params);
    signal.nextRow = BigInt(params.valueIndex ?? 0);
    signal.isLinear = params.definition.rule === 'linear';
    if (signal.isLinear) {
      signal.deltaTicks = BigInt(params.definition.linear.delta);
      this.#tables.set(signal.id, new Table());
    }
  }

  #data(signo, payload) {
    const signal = this.#bySigno.get(signo);
    if (!signal) throw new Error(`data for signal number ${signo}, which is not subscribed`);
    if (!signal.definition) throw new Error(`data of ${signal.id} before its metadata`);
    this.#record({ kind: 'data', signo, id: signal.id, bytes: payload.length });
    if (signal.isLinear) this.#pair(signal, payload);
    else if (signal.tableId === signal.id) this.#stamps(signal, payload);
    else this.#values(signal, payload);
  }

  #pair(domain, payload) {
    if (payload.length !== 16) throw new Error(`${domain.id}: a pair of ${payload.length} bytes`);
    const row = payload.readBigUInt64LE(0);
    const tick = payload.readBigInt64LE(8);
    this.#tables.get(domain.id).start(row, tick);
    Object.assign(this.events.at(-1), { row, tick });
  }

  /** Explicit time: the stamps of the rows of the next value packet. */
  #stamps(domain, payload) {
    domain.stamps = this.#decode(domain, payload).map(BigInt);
  }

  #values(signal, payload) {
    const domain = this.signals.get(signal.tableId);
    if (!domain?.definition) throw new Error(`${signal.id} came before its domain`);
    const { num, denom } = domain.definition.resolution;
    const originNs = BigInt(Date.parse(domain.definition.absoluteReference)) * 1_000_000n;
    const rows = this.samples.get(signal.id) ?? [];
    this.samples.set(signal.id, rows);
    const values = this.#decode(signal, payload);
    values.forEach((value, i) => {
      const row = signal.nextRow++;
      const tick = domain.isLinear ? this.#tables.get(domain.id).tick(row, domain.deltaTicks) : domain.stamps[i];
      const timeNs = originNs + (tick * BigInt(num) * 1_000_000_000n) / BigInt(denom);
      rows.push({ row, tick, timeNs, value, receivedMs: wallMs() });
    });
    Object.assign(this.events.at(-1), { first: rows.at(-values.length), count: values.length });
  }

  #decode(signal, payload) {
    const [size, read] = READERS[signal.definition.dataType] ?? [];
    if (!size) throw new Error(`${signal.id}: cannot read type ${signal.definition.dataType}`);
    if (payload.length === 0 || payload.length % size !== 0) {
      throw new Error(`${signal.id}: ${payload.length} bytes are no whole samples`);
    }
    return Array.from({ length: payload.length / size }, (_, i) => read(payload, i * size));
  }

  /** Asks for messages of several packets, at this client's pace. */
  deliver(messageBytes, aheadBytes) {
    this.#isJoined = true;
    this.#say('delivery', { messageBytes, aheadBytes, lagMs: 0 });
  }

  #say(method, params) {
    const document = encode({ method, params });
    const size = document.length + 4;
    const header = Buffer.alloc(size < 256 ? 8 : 12);
    header.writeUInt32LE(((TYPE_METADATA << 28) | (size < 256 ? size << 20 : 0)) >>> 0, 0);
    if (size >= 256) header.writeUInt32LE(size, 4);
    header.writeUInt32LE(ENCODING_MSGPACK, header.length - 4);
    this.socket.send(Buffer.concat([header, document]));
  }

  /** Sends a command on the WebSocket and gives the params of the response. */
  async command(name, signalIds) {
    const id = this.#nextId++;
    const params = { id, jsonrpc: '2.0', method: `${this.streamId}.${name}`, params: signalIds };
    this.#say('request', params);
    const answer = await this.until(`response to ${name}`, () =>
      this.events.find((e) => e.method === 'response' && Number(e.params.id) === id),
    );
    return { ...answer.params, index: answer.index };
  }

  /** Sends a command by HTTP as `init` told, and gives status and body. */
  async post(name, signalIds) {
    const { httpMethod, httpPath, port } = this.commandInterfaces['jsonrpc-http'];
    const id = this.#nextId++;
    const params = { id, jsonrpc: '2.0', method: `${this.streamId}.${name}`, params: signalIds };
    return new Promise((resolve, reject) => {
      const host = this.url.hostname.replace(/^\[|]$/g, '');
      const headers = { 'Content-Type': 'application/json' };
      const options = { host, port, path: httpPath, method: httpMethod, headers, timeout: 10_000 };
      const request = http.request(options, (response) => {
        response.setEncoding('utf8');
        let body = '';
        response.on('data', (text) => (body += text));
        response.on('end', () => resolve({ status: response.statusCode, body }));
      });
      request.on('timeout', () => request.destroy(new Error('no answer by HTTP')));
      request.on('error', reject);
      request.end(JSON.stringify(params));
    });
  }

  async close() {
    this.socket.close(1000);
    await this.until('close', () => this.closed);
    return this.closed;
  }
}
