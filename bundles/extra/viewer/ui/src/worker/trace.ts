// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import {
  format,
  nanoseconds,
  numbersOf,
  sampleText,
  type Block,
  type Description,
  type Loss,
  type Member,
} from 'daqstream-protocol';
import type { Axis, Part } from '../shared/messages';
import { History } from './history';
import { choosePart, PART, partsOf, partsOfKey, pick, type Picked } from './parts';
import { Source, type Fed } from './source';
import { axisOf, magnitudes, vectorOf, Vectors } from './vectors';

const NS = 1e9;
const LOG_ROWS = 100;
/** A struct of more members is a row of a table. */
const MAX_SPLIT = 8;
const REFUSED = 'the server does not offer it';

/** A signal, or a part of its samples, that is plotted: what it is, and its history. */
export class Trace implements Fed {
  readonly signalId: string;
  private readonly part: string;
  history: History | undefined;
  description: Description | undefined;
  domain: Description | undefined;
  text = '';
  /** What else of its samples can be drawn. */
  parts: Part[] = [];
  problem = '';
  /** What the history is fed by. */
  readonly source: Source;
  picked: Picked | undefined;
  private hasGap = true;
  /** Of the last point of an envelope. */
  private lastOfPoint: { nextRow: bigint; tick: bigint } | undefined;
  private measuredHz = 0;
  private lastTick = 0n;
  log: { tick: bigint; text: string }[] = [];
  /** Samples of many numbers; the history has their least and greatest. */
  vectors: Vectors | undefined;
  vector: Member | undefined;
  axis: Axis | undefined;
  losses: { t: number; text: string }[] = [];

  constructor(
    readonly key: string,
    isListed: (id: string) => boolean,
  ) {
    [this.signalId, this.part] = partsOfKey(key, isListed);
    this.source = new Source(this.signalId, this);
  }

  /** Whether the key says something else than when the signals were not known yet. */
  isMisread(isListed: (id: string) => boolean): boolean {
    const [signalId, part] = partsOfKey(this.key, isListed);
    return this.text === '' && (signalId !== this.signalId || part !== this.part);
  }

  /** The ids that it needs. */
  ids(): string[] {
    return this.source.ids();
  }

  /** Chooses between every sample and extremes, for what is in view; a trigger sees every sample. */
  choose(windowS: number, width: number, rateOfAll: number, isTriggered: boolean): void {
    const rate = this.rateHz();
    const isPlain = this.picked !== undefined && this.isSingleNumber();
    if (rate !== 0 && isPlain) this.source.choose(rate, windowS, width, rateOfAll, isTriggered);
  }

  private isSingleNumber(): boolean {
    const members = this.description?.members ?? [];
    const only = members[0];
    return (
      members.length === 1 &&
      only !== undefined &&
      only.elements === 1 &&
      !/complex|128/.test(only.type) &&
      this.description!.dataType !== 'bitField' &&
      this.description!.dataType !== 'struct' &&
      this.description!.rule !== 'constant'
    );
  }

  /** Samples a second; 0 if that is not known yet. */
  rateHz(): number {
    const domain = this.domain;
    if (domain === undefined) return 0;
    const { num, denom } = domain.resolution;
    if (domain.rule !== 'linear') return this.measuredHz;
    return domain.delta === 0n ? 0 : Number(denom) / (Number(num) * Math.abs(Number(domain.delta)));
  }

  refused(id: string): void {
    if (!this.source.refused(id)) this.problem = REFUSED;
  }

  get isRefused(): boolean {
    return this.problem === REFUSED;
  }

  /** It can be asked for again; tells whether it had been refused. */
  offered(): boolean {
    const wasRefused = this.isRefused;
    if (wasRefused) this.problem = '';
    return wasRefused;
  }

  ended(id: string): void {
    if (id !== this.source.id) return;
    this.hasGap = true;
    this.lastOfPoint = undefined;
  }

  lost(id: string, loss: Loss): void {
    if (id !== this.source.id || this.history === undefined) return;
    this.hasGap = true;
    const rows = loss.toRow - loss.fromRow;
    this.losses.push({
      t: Number(loss.fromTick - this.history.base),
      text: rows + ' samples not sent: rows ' + loss.fromRow + ' to ' + (loss.toRow - 1n),
    });
    if (this.losses.length > 1000) this.losses.shift();
  }

  /** Takes samples of one of its ids; tells how many. */
  take(block: Block): number {
    return this.source.take(block);
  }

  reaches(tick: bigint): boolean {
    return this.history !== undefined && Number(tick - this.history.base) <= this.history.last;
  }

  goesOnFrom(tick: bigint): void {
    this.lastOfPoint = undefined;
    this.hasGap ||= !this.reaches(tick);
    this.history?.cutFrom(Number(tick - this.history.base));
  }

  feed(block: Block, isCoarse: boolean): void {
    if (isCoarse) this.feedEnvelope(block);
    else this.feedSamples(block);
  }

  private feedSamples(block: Block): void {
    if (this.description !== block.description) this.describe(block.description);
    if (this.domain !== block.domain) this.useDomain(block.domain);
    const size = block.description.sampleBytes || block.data.length;
    this.text = sampleText(block.data.subarray(block.data.length - size), block.description).slice(0, 600);
    const picked = this.picked;
    if (!block.continues) this.hasGap = true;
    if (this.goesBack(block.tick)) this.history = this.vectors = undefined;
    if (this.vector !== undefined) return this.keep(block, size, this.vector);
    if (picked === undefined) {
      this.note(block, size);
      return;
    }
    this.problem = '';
    const history = (this.history ??= new History(block.tick, picked.member.type.endsWith('int64')));
    const numbers = numbersOf(block.data, block.description, picked.member);
    this.measure(block);
    const first = Number(block.tick - history.base);
    const delta = Number(block.delta);
    for (let i = 0; i < block.count; i++) {
      const t = block.ticks === undefined ? first + delta * i : Number(block.ticks[i]! - history.base);
      const value = pick(numbers, i, picked, block.description);
      const y = typeof value === 'bigint' ? Number(value) : value;
      // An infinite value has no place on an axis; it leaves a gap.
      history.add(
        t,
        Number.isFinite(y) ? y : NaN,
        Number.isFinite(y) ? y : NaN,
        typeof value === 'bigint' ? BigInt.asIntN(64, value) : 0n,
        false,
        this.hasGap,
      );
      this.hasGap = false;
    }
    if (this.part !== '') {
      const value = pick(numbers, block.count - 1, picked, block.description);
      this.text = format(value, picked.form === 'value' ? picked.member.type : 'real64');
    }
  }

  /** Keeps samples of many numbers. */
  private keep(block: Block, size: number, member: Member): void {
    const history = (this.history ??= new History(block.tick, false));
    const vectors = (this.vectors ??= new Vectors());
    this.measure(block);
    for (let i = 0; i < block.count; i++) {
      const t = Number(tickOf(block, i) - history.base);
      const sample = block.data.subarray(i * size, (i + 1) * size);
      let low = Infinity;
      let high = -Infinity;
      for (const v of magnitudes(sample, block.description, member)) {
        if (v < low) low = v;
        if (v > high && v !== Infinity) high = v;
      }
      const isNumber = low <= high;
      if (i === block.count - 1) this.text = format(low, 'real32') + ' … ' + format(high, 'real32');
      history.add(t, isNumber ? low : NaN, isNumber ? high : NaN, 0n, true, this.hasGap);
      vectors.add(t, sample, this.hasGap);
      this.hasGap = false;
    }
  }

  /** Forgets the oldest until the rest has room. */
  trim(limitBytes: number): void {
    this.history?.trim(limitBytes);
    this.vectors?.trim(limitBytes - this.history!.bytes);
  }

  /** Keeps the newest samples of what is no number, in words. */
  private note(block: Block, size: number): void {
    for (let i = Math.max(0, block.count - LOG_ROWS); i < block.count; i++) {
      const sample = block.data.subarray(i * size, (i + 1) * size);
      this.log.push({ tick: tickOf(block, i), text: sampleText(sample, block.description, 600).slice(0, 800) });
    }
    this.log.splice(0, this.log.length - LOG_ROWS);
  }

  /** Whether times begin anew, as those of a recording do that is played again. */
  private goesBack(tick: bigint): boolean {
    const history = this.history;
    const back = history === undefined ? 0 : history.last - Number(tick - history.base);
    return back > 0 && (this.hasGap || back * this.secondsPerTick() > 1);
  }

  private feedEnvelope(block: Block): void {
    const history = this.history;
    const member = (name: string) => block.description.members.find((each) => each.name === name);
    const [row, count, lastTick, min, max, last] = ['row', 'count', 'lastTick', 'min', 'max', 'last'].map(member);
    if (history === undefined || !row || !count || !lastTick || !min || !max || !last) return;
    const of = (each: Member) => numbersOf(block.data, block.description, each);
    const rows = of(row) as BigInt64Array;
    const counts = of(count) as BigInt64Array;
    const lastTicks = of(lastTick) as BigInt64Array;
    const low = of(min);
    const high = of(max);
    for (let i = 0; i < block.count; i++) {
      const tick = tickOf(block, i);
      const isHole = this.isHole(rows[i]!, tick);
      this.lastOfPoint = { nextRow: rows[i]! + counts[i]!, tick: lastTicks[i]! };
      history.add(Number(tick - history.base), Number(low[i]), Number(high[i]), 0n, true, isHole || this.hasGap);
      this.hasGap = false;
    }
    this.text = format(of(last)[block.count - 1]!, last.type);
  }

  /** Whether samples are missing before a point; on an explicit domain nobody can tell. */
  private isHole(row: bigint, tick: bigint): boolean {
    const before = this.lastOfPoint;
    if (before === undefined || this.domain?.rule !== 'linear') return false;
    return before.nextRow !== row || tick - before.tick > this.domain.delta;
  }

  private describe(description: Description): void {
    this.description = description;
    this.picked = choosePart(description, this.part);
    this.parts =
      this.part === '' ? partsOf(description).map((name) => ({ key: this.signalId + PART + name, name })) : [];
    const before = this.vector;
    this.vector = this.part === '' ? vectorOf(description) : undefined;
    if (before?.type !== this.vector?.type || before?.elements !== this.vector?.elements) {
      this.history = this.vectors = undefined; // of samples that are read in another way
    }
    this.axis = this.vector && axisOf(this.vector);
    this.problem = this.picked === undefined && this.part !== '' ? 'there is no such part' : '';
  }

  /** Ticks of another domain are other times: the history begins anew. */
  private useDomain(domain: Description | undefined): void {
    const before = this.domain;
    this.domain = domain;
    const isSame =
      before?.resolution.num === domain?.resolution.num &&
      before?.resolution.denom === domain?.resolution.denom &&
      before?.originNs === domain?.originNs;
    if (!isSame) {
      this.history = this.vectors = undefined;
      this.losses = [];
      this.hasGap = true;
    }
  }

  private measure(block: Block): void {
    const domain = this.domain;
    if (domain === undefined || domain.rule === 'linear') return;
    const last = block.ticks?.at(-1) ?? block.tick;
    const s = (Number(last - this.lastTick) * Number(domain.resolution.num)) / Number(domain.resolution.denom);
    if (this.lastTick !== 0n && s > 0) {
      const weight = Math.min(1, s);
      this.measuredHz += weight * (block.count / s - this.measuredHz);
    }
    this.lastTick = last;
  }

  /** Seconds from the reference of a tick of the history, and back. */
  x(t: number, referenceNs: bigint): number {
    return this.offset(referenceNs) + t * this.secondsPerTick();
  }

  t(x: number, referenceNs: bigint): number {
    return (x - this.offset(referenceNs)) / this.secondsPerTick();
  }

  secondsPerTick(): number {
    const resolution = this.domain?.resolution;
    return resolution === undefined ? 1 : Number(resolution.num) / Number(resolution.denom);
  }

  private offset(referenceNs: bigint): number {
    const base = this.history?.base ?? 0n;
    return Number(this.ns(base) - referenceNs) / NS;
  }

  ns(tick: bigint): bigint {
    return this.domain === undefined ? tick * 1_000_000_000n : nanoseconds(this.domain, tick);
  }

  /** Of what it began with; undefined if there is nothing yet. */
  startNs(): bigint | undefined {
    const tick = this.history?.base ?? this.log[0]?.tick;
    return tick === undefined ? undefined : this.ns(tick);
  }

  /** Where its newest sample is, in seconds from the reference. */
  endX(referenceNs: bigint): number {
    if (this.history !== undefined && !this.history.isEmpty) return this.x(this.history.last, referenceNs);
    const last = this.log.at(-1);
    return last === undefined ? -Infinity : Number(this.ns(last.tick) - referenceNs) / NS;
  }

  isStepped(): boolean {
    return this.description?.rule === 'constant' || this.description?.dataType === 'bitField';
  }

  /** Whether its parts say more than it does itself. */
  isSplit(): boolean {
    const { description } = this;
    if (description === undefined || this.parts.length === 0) return false;
    if (description.dataType === 'bitField') return true;
    return this.parts.length <= MAX_SPLIT && description.members.every((member) => member.elements === 1);
  }

  /** The name of the bit that it is; empty if it is none. */
  bitName(): string {
    return this.picked?.form === 'bit' ? this.picked.bitName : '';
  }

  /** What its axis is called; members of structs have no unit, and are not to share an axis. */
  scale(): string {
    const unit = this.unit();
    return unit === '' && this.description?.dataType === 'struct' ? (this.picked?.member.name ?? '') : unit;
  }

  unit(): string {
    if (this.picked?.form === 'phase') return '°';
    return this.picked?.member.unit.symbol || this.description?.unit.symbol || '';
  }
}

function tickOf(block: Block, i: number): bigint {
  return block.ticks === undefined ? block.tick + block.delta * BigInt(i) : block.ticks[i]!;
}
