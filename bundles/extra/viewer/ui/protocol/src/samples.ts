// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { bytesOf, type Description, type Member } from './description.js';

export type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

type ArrayType = { new (buffer: ArrayBuffer): Numbers };

const ARRAYS: { readonly [type: string]: ArrayType } = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  real32: Float32Array,
  real64: Float64Array,
  complex32: Float32Array,
  complex64: Float64Array,
  int128: BigUint64Array,
  uint128: BigUint64Array,
};

/**
 * The numbers of a member of each sample, as a typed array of its own: complex numbers as real and
 * imaginary part in turn, 128 bits as low and high half in turn, arrays one behind the other.
 */
export function numbersOf(data: Uint8Array, description: Description, member: Member): Numbers {
  const make = ARRAYS[member.type] ?? Uint8Array;
  const stride = description.sampleBytes;
  const bytes = bytesOf(member.type) * member.elements;
  const count = Math.floor(data.length / stride);
  if (bytes === stride) return new make(copy(data, 0, count * stride));
  const packed = new Uint8Array(count * bytes);
  for (let i = 0; i < count; i++) {
    const from = i * stride + member.offset;
    packed.set(data.subarray(from, from + bytes), i * bytes);
  }
  return new make(packed.buffer);
}

function copy(data: Uint8Array, from: number, to: number): ArrayBuffer {
  const own = new Uint8Array(to - from);
  own.set(data.subarray(from, to));
  return own.buffer;
}

/** Stamps of an explicit domain. */
export function ticksOf(data: Uint8Array): BigInt64Array<ArrayBuffer> {
  return new BigInt64Array(copy(data, 0, data.length - (data.length % 8)));
}

/** A number as people read it: every digit that tells it from its neighbours, and no other. */
export function format(value: number | bigint, type: string): string {
  if (typeof value === 'bigint') return value.toString();
  if (type !== 'real32' && type !== 'complex32') return Object.is(value, -0) ? '-0' : String(value);
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

/** The newest sample as text: numbers with all digits, structs by member, bytes in hexadecimal. */
export function sampleText(sample: Uint8Array, description: Description, limit = 400): string {
  if (description.isText) return new TextDecoder().decode(sample.subarray(0, limit));
  if (description.members.length === 0) return hexadecimal(sample, limit);
  const parts: string[] = [];
  let length = 0;
  for (const member of description.members) {
    const text = memberText(sample, description, member, limit - length);
    parts.push(member.name === '' ? text : member.name + ' ' + text);
    length += text.length + member.name.length + 2;
    if (length > limit) {
      parts.push('…');
      break;
    }
  }
  return parts.join(', ');
}

function memberText(sample: Uint8Array, description: Description, member: Member, limit: number): string {
  const numbers = numbersOf(sample, description, member);
  const texts: string[] = [];
  const shown = Math.min(member.elements, Math.max(1, Math.ceil(limit / 4)));
  for (let i = 0; i < shown; i++) texts.push(elementText(numbers, i, member.type));
  if (member.elements === 1) return texts[0]!;
  return '[' + texts.join(' ') + (shown < member.elements ? ' …' : '') + ']';
}

function elementText(numbers: Numbers, i: number, type: string): string {
  if (type.startsWith('complex')) {
    const re = format(numbers[2 * i]!, type);
    const im = format(numbers[2 * i + 1]!, type);
    return re + (im.startsWith('-') ? '' : '+') + im + 'i';
  }
  if (type.endsWith('int128')) {
    const low = numbers[2 * i] as bigint;
    const high = numbers[2 * i + 1] as bigint;
    const whole = (high << 64n) | low;
    return (type === 'int128' ? BigInt.asIntN(128, whole) : whole).toString();
  }
  return format(numbers[i]!, type);
}

function hexadecimal(sample: Uint8Array, limit: number): string {
  const shown = sample.subarray(0, limit / 3);
  const text = Array.from(shown, (b) => b.toString(16).padStart(2, '0')).join(' ');
  return shown.length < sample.length ? text + ' … (' + sample.length + ' bytes)' : text;
}
