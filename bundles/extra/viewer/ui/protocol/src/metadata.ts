// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { decode, encode } from '@msgpack/msgpack';

const JSON_TEXT = 1;
const MESSAGE_PACK = 2;

/** Bounds of one document; beyond them it is left out. */
const LIMITS = {
  useBigInt64: true,
  maxStrLength: 1 << 20,
  maxBinLength: 1 << 20,
  maxArrayLength: 1 << 20,
  maxMapLength: 1 << 16,
  maxExtLength: 1 << 16,
};

/** Whatever came in a document; look before you use it. */
export type Value = unknown;
export type ValueMap = { readonly [key: string]: Value };

export interface Message {
  method: string;
  params: Value;
}

/** The document of a metadata packet; undefined if it is none that can be read. */
export function readMessage(payload: Uint8Array): Message | undefined {
  if (payload.length < 4) return undefined;
  const encoding = payload[0]! | (payload[1]! << 8) | (payload[2]! << 16) | (payload[3]! << 24);
  const bytes = payload.subarray(4);
  let document: Value;
  try {
    if (encoding === MESSAGE_PACK) document = decode(bytes, LIMITS);
    else if (encoding === JSON_TEXT) document = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  const method = mapOf(document)['method'];
  return typeof method === 'string' ? { method, params: mapOf(document)['params'] } : undefined;
}

/** A packet of the session that holds a document. */
export function writeMessage(method: string, params: Value): Uint8Array<ArrayBuffer> {
  const document = encode({ method, params });
  const size = document.length + 4;
  const start = size < 256 ? 4 : 8;
  const packet = new Uint8Array(start + size);
  const view = new DataView(packet.buffer);
  view.setUint32(0, ((2 << 28) | (size < 256 ? size << 20 : 0)) >>> 0, true);
  if (start === 8) view.setUint32(4, size, true);
  view.setUint32(start, MESSAGE_PACK, true);
  packet.set(document, start + 4);
  return packet;
}

const EMPTY: ValueMap = Object.freeze(Object.create(null));

export function mapOf(value: Value): ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as ValueMap) : EMPTY;
}

export function listOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: Value): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A finite number, also from a text; undefined otherwise. */
export function numberOf(value: Value): number | undefined {
  const number =
    typeof value === 'bigint' || (typeof value === 'string' && value.trim() !== '') ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** A whole number of 64 bits; undefined otherwise. */
export function wholeOf(value: Value): bigint | undefined {
  let whole: bigint;
  if (typeof value === 'bigint') whole = value;
  else if (typeof value === 'number' && Number.isInteger(value)) whole = BigInt(value);
  else if (typeof value === 'string' && /^[+-]?\d{1,20}$/.test(value)) whole = BigInt(value);
  else return undefined;
  return whole >= -(2n ** 63n) && whole < 2n ** 64n ? whole : undefined;
}

const DEPTH = 16;

/** Lays a newer document over an older one, key by key. */
export function merge(older: Value, newer: Value, depth = 0): Value {
  const before = mapOf(older);
  if (before === EMPTY || mapOf(newer) === EMPTY || depth > DEPTH) return newer;
  const merged: { [key: string]: Value } = Object.create(null);
  let keys = 0;
  for (const source of [before, mapOf(newer)]) {
    for (const key of Object.keys(source)) {
      if (!(key in merged) && ++keys > 1000) continue;
      merged[key] = source === before ? source[key] : merge(before[key], source[key], depth + 1);
    }
  }
  return merged;
}
