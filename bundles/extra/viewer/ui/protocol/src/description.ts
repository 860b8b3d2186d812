// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { listOf, mapOf, numberOf, textOf, wholeOf, type Value, type ValueMap } from './metadata.js';

/** Bytes of one number of each type; a complex number is two. */
const BYTES: { readonly [type: string]: number } = {
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  real32: 4,
  real64: 8,
  int128: 16,
  uint128: 16,
  complex32: 8,
  complex64: 16,
};

const MAX_MEMBERS = 4096;
const MAX_DEPTH = 16;
const MAX_SAMPLE_BYTES = 1 << 28;

export interface Unit {
  symbol: string;
  quantity: string;
}

export interface Dimension {
  name: string;
  rule: string;
  size: number;
  start: number;
  delta: number;
  base: number;
  values: readonly (number | string)[];
  unit: Unit;
}

/** A number within a sample, or an array of them. */
export interface Member {
  /** Names from the outside in, with dots between; empty if the sample is no struct. */
  name: string;
  /** int8 … uint64, int128, uint128, real32, real64, complex32, complex64. */
  type: string;
  /** Where it begins in the sample. */
  offset: number;
  elements: number;
  dimensions: readonly Dimension[];
  unit: Unit;
  bits: readonly Bit[];
}

export interface Bit {
  index: number;
  name: string;
}

/** What a signal document says, checked; absent or wrong parts have their defaults. */
export interface Description {
  name: string;
  dataType: string;
  rule: 'explicit' | 'linear' | 'constant';
  /** Ticks of a linear domain from a row to the next. */
  delta: bigint;
  unit: Unit;
  range: { low: number; high: number } | undefined;
  /** Bytes of one sample; 0: a packet is one sample. */
  sampleBytes: number;
  /** Empty for binary samples and types that nobody knows. */
  members: readonly Member[];
  scaling: { scale: number; offset: number } | undefined;
  /** Seconds of a tick, as a fraction. */
  resolution: { num: bigint; denom: bigint };
  /** Nanoseconds from 1970 to where the ticks begin; undefined if that is nowhere. */
  originNs: bigint | undefined;
  /** The id of the domain, if the document tells. */
  domainId: string;
  isText: boolean;
  /** Row of the next sample. */
  valueIndex: bigint;
}

export function describe(document: Value, ownId: string): Description {
  const root = mapOf(document);
  const definition = mapOf(root['definition']);
  const interpretation = mapOf(root['interpretation']);
  const dataType = textOf(definition['dataType']) ?? 'real64';
  const rule = textOf(definition['rule']);
  const sample = sampleOf(definition, dataType);
  const metadata = mapOf(interpretation['metadata']);
  const ruleParameters = mapOf(mapOf(interpretation['rule'])['parameters']);
  const low = numberOf(mapOf(definition['range'])['low']);
  const high = numberOf(mapOf(definition['range'])['high']);
  const scaling = mapOf(definition['postScaling']);
  const scale = numberOf(scaling['scale']);
  return {
    name: textOf(definition['name']) || textOf(interpretation['sig_name']) || ownId,
    dataType,
    rule: rule === 'linear' || rule === 'constant' ? rule : 'explicit',
    delta: firstWhole(mapOf(definition['linear'])['delta'], ruleParameters['delta']) ?? 1n,
    unit: unitOf(definition['unit'], interpretation['unit']),
    range: low !== undefined && high !== undefined ? { low, high } : undefined,
    sampleBytes: sample.bytes,
    members: sample.members,
    scaling: scale === undefined ? undefined : { scale, offset: numberOf(scaling['offset']) ?? 0 },
    resolution: resolutionOf(definition['resolution']),
    originNs: originOf(
      textOf(definition['absoluteReference']) || textOf(definition['origin']) || textOf(interpretation['origin']),
    ),
    domainId: domainOf(root, ownId),
    isText: dataType === 'binary' && (textOf(metadata['contentType']) ?? '').startsWith('text/'),
    valueIndex: firstWhole(root['valueIndex']) ?? 0n,
  };
}

function firstWhole(...values: Value[]): bigint | undefined {
  for (const value of values) {
    const whole = wholeOf(value);
    if (whole !== undefined) return whole;
    const number = numberOf(value);
    if (number !== undefined) return wholeOf(Math.round(number));
  }
  return undefined;
}

function unitOf(first: Value, second: Value): Unit {
  const unit = mapOf(first);
  const other = mapOf(second);
  return {
    symbol: textOf(unit['displayName']) ?? textOf(other['symbol']) ?? '',
    quantity: textOf(unit['quantity']) ?? textOf(other['quantity']) ?? '',
  };
}

function resolutionOf(value: Value): { num: bigint; denom: bigint } {
  const num = wholeOf(mapOf(value)['num']);
  const denom = wholeOf(mapOf(value)['denom']);
  return num !== undefined && num > 0n && denom !== undefined && denom > 0n ? { num, denom } : { num: 1n, denom: 1n };
}

/** Dates as peers write them: a day, or a day with a time, in UTC unless it says a zone. */
function originOf(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(
    text.trim(),
  );
  if (match === null) return undefined;
  const zone = match[4] === undefined ? 'Z' : match[4].replace(/^(.\d\d)(\d\d)$/, '$1:$2');
  const time = match[2] === undefined ? '00:00:00' : match[2].length === 5 ? match[2] + ':00' : match[2];
  const ms = Date.parse(match[1] + 'T' + time + zone);
  if (Number.isNaN(ms)) return undefined;
  return BigInt(ms) * 1_000_000n + BigInt((match[3] ?? '').padEnd(9, '0'));
}

function domainOf(root: ValueMap, ownId: string): string {
  for (const related of listOf(root['relatedSignals'])) {
    const type = textOf(mapOf(related)['type']);
    const id = textOf(mapOf(related)['signalId']);
    if ((type === 'domain' || type === 'time') && id) return id;
  }
  return textOf(root['tableId']) ?? ownId;
}

function dimensionsOf(value: Value): Dimension[] {
  return listOf(value)
    .slice(0, 16)
    .map((each) => {
      const dimension = mapOf(each);
      const rule = textOf(dimension['rule']) ?? 'linear';
      const parameters = mapOf(dimension[rule]);
      const values = listOf(parameters['values'])
        .slice(0, 1 << 16)
        .map((v) => (typeof v === 'string' ? v : (numberOf(v) ?? NaN)));
      const size = rule === 'list' ? values.length : (numberOf(parameters['size']) ?? 0);
      return {
        name: textOf(dimension['name']) ?? '',
        rule,
        size: Number.isSafeInteger(size) && size > 0 ? size : 1,
        start: numberOf(parameters['start']) ?? 0,
        delta: numberOf(parameters['delta']) ?? 1,
        base: numberOf(parameters['base']) ?? 10,
        values,
        unit: unitOf(dimension['unit'], undefined),
      };
    });
}

/** What an element of a dimension stands for. */
export function valueAt(dimension: Dimension, index: number): number | string {
  if (dimension.rule === 'list') return dimension.values[index] ?? index;
  const linear = dimension.start + dimension.delta * index;
  return dimension.rule === 'log' ? Math.pow(dimension.base, linear) : linear;
}

interface Sample {
  bytes: number;
  members: Member[];
}

const NO_SAMPLE: Sample = { bytes: 0, members: [] };

function sampleOf(definition: ValueMap, dataType: string): Sample {
  if (dataType === 'binary') return NO_SAMPLE;
  const members: Member[] = [];
  const bytes = add(definition, dataType, '', 0, 0, members);
  return bytes === undefined || bytes === 0 || bytes > MAX_SAMPLE_BYTES ? NO_SAMPLE : { bytes, members };
}

/** Adds what a definition describes; returns where it ends, undefined if nobody knows. */
function add(
  definition: ValueMap,
  dataType: string,
  name: string,
  offset: number,
  depth: number,
  members: Member[],
): number | undefined {
  if (depth > MAX_DEPTH || members.length >= MAX_MEMBERS) return undefined;
  let dimensions = dimensionsOf(definition['dimensions']);
  let type = dataType;
  let elements = dimensions.reduce((product, each) => product * each.size, 1);
  if (dataType === 'array') {
    type = textOf(mapOf(definition['array'])['dataType']) ?? '';
    elements = numberOf(mapOf(definition['array'])['count']) ?? 0;
    dimensions = [];
  }
  if (!Number.isSafeInteger(elements) || elements < 1 || elements > MAX_SAMPLE_BYTES) return undefined;
  if (dataType === 'struct') {
    let end = offset;
    for (let record = 0; record < elements; record++) {
      for (const each of listOf(definition['struct'])) {
        const member = mapOf(each);
        const own = textOf(member['name']) ?? '';
        const inner = name + (elements > 1 ? '[' + record + ']' : '') + (name === '' ? '' : '.') + own;
        const next = add(member, textOf(member['dataType']) ?? '', inner, end, depth + 1, members);
        if (next === undefined) return undefined;
        end = next;
      }
      if (end === offset) return undefined;
    }
    return end;
  }
  const bitField = mapOf(definition['bitField']);
  if (dataType === 'bitField') type = textOf(bitField['dataType']) ?? '';
  const bytes = BYTES[type];
  if (bytes === undefined || !Object.hasOwn(BYTES, type)) return undefined;
  members.push({
    name,
    type,
    offset,
    elements,
    dimensions,
    unit: unitOf(definition['unit'], undefined),
    bits: dataType === 'bitField' ? bitsOf(bitField) : [],
  });
  return offset + bytes * elements;
}

function bitsOf(bitField: ValueMap): Bit[] {
  const bits: Bit[] = [];
  for (const each of listOf(bitField['bits'] ?? bitField['bit']).slice(0, 128)) {
    const index = numberOf(mapOf(each)['index']);
    const name = textOf(mapOf(each)['description']) ?? textOf(mapOf(each)['bitDescription']) ?? '';
    if (index !== undefined && index >= 0 && index < 128) {
      bits.push({ index, name: name || 'bit ' + index });
    }
  }
  return bits;
}

/** Bytes of one number of a type. */
export function bytesOf(type: string): number {
  return BYTES[type] ?? 0;
}
