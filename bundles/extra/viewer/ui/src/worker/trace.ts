// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import {
  dateTime,
  envelope,
  format,
  nanoseconds,
  numbersOf,
  ratio,
  sampleText,
  type Block,
  type Description,
  type Loss,
  type Member,
} from 'daqstream-protocol';
import type { Axis, Between, GapView, LogRow, Part, Picture, Place, Profile, Reading } from '../shared/messages';
import type { Point } from './chunk';
import { History } from './history';
import { choosePart, PART, partsOf, partsOfKey, pick, type Picked } from './parts';
import { axisOf, magnitudes, vectorOf, Vectors } from './vectors';

const NS = 1e9;
/** Up to so many samples a second are always taken one by one. */
const SLOW_RATE = 200;
/** Samples for each pixel up to which every sample is taken, however fast all traces are. */
const SAMPLES_PER_PIXEL = 16;
/** So many samples a second of all traces, and in view of one, are taken for who zooms in later. */
const KEPT_RATE = 100_000;
const KEPT_SAMPLES = 1_000_000;
const HANDOVER_MS = 1500;
const MAX_HELD = 2000;
const LOG_ROWS = 100;
const PROFILE_POINTS = 16_384;
/** A struct of more members is a row of a table. */
const MAX_SPLIT = 8;
const MAX_CSV_ELEMENTS = 512;
const REFUSED = 'the server does not offer it';

interface Source {
  id: string;
  isCoarse: boolean;
}

/** A signal, or a part of its samples, that is plotted: what it is, and its history. */
export class Trace {
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
  source: Source;
  /** What is to feed it, with what came of it. */
  private next: (Source & { since: number; held: Block[] }) | undefined;
  private picked: Picked | undefined;
  private hasGap = true;
  /** Of the last point of an envelope. */
  private lastOfPoint: { nextRow: bigint; tick: bigint } | undefined;
  private measuredHz = 0;
  private lastTick = 0n;
  private log: { tick: bigint; text: string }[] = [];
  /** Samples of many numbers; the history has their least and greatest. */
  vectors: Vectors | undefined;
  private vector: Member | undefined;
  private axis: Axis | undefined;
  private losses: { t: number; text: string }[] = [];

  constructor(
    readonly key: string,
    isListed: (id: string) => boolean,
  ) {
    [this.signalId, this.part] = partsOfKey(key, isListed);
    this.source = { id: this.signalId, isCoarse: false };
  }

  /** Whether the key says something else than when the signals were not known yet. */
  isMisread(isListed: (id: string) => boolean): boolean {
    const [signalId, part] = partsOfKey(this.key, isListed);
    return this.text === '' && (signalId !== this.signalId || part !== this.part);
  }

  /** The ids that it needs. */
  ids(): string[] {
    return this.next === undefined ? [this.source.id] : [this.source.id, this.next.id];
  }

  /** Chooses between every sample and extremes, for what is in view; a trigger sees every sample. */
  choose(windowS: number, width: number, rateOfAll: number, isTriggered: boolean): void {
    const rate = this.rateHz();
    const isPlain = this.picked !== undefined && this.isSingleNumber();
    if (rate === 0 || !isPlain) return;
    const inView = rate * windowS;
    const every =
      isTriggered ||
      rate <= SLOW_RATE ||
      inView <= SAMPLES_PER_PIXEL * width ||
      (rateOfAll <= KEPT_RATE && inView <= KEPT_SAMPLES);
    const perSecond = niceRate(width / windowS);
    const wanted: Source =
      every || perSecond * 4 > rate
        ? { id: this.signalId, isCoarse: false }
        : { id: envelope(this.signalId, perSecond), isCoarse: true };
    if (wanted.id === this.source.id) this.next = undefined;
    else if (wanted.id !== this.next?.id) this.next = { ...wanted, since: Date.now(), held: [] };
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
    if (this.next?.id === id) this.next = undefined;
    else if (this.source.isCoarse && this.source.id === id) {
      this.source = { id: this.signalId, isCoarse: false };
    } else this.problem = REFUSED;
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
    const next = this.next;
    if (next !== undefined && block.id === next.id) {
      next.held.push(block);
      this.handOver(next);
      return block.count;
    }
    if (block.id !== this.source.id) return 0;
    this.feed(block);
    if (next !== undefined && next.held.length > 0) this.handOver(next);
    return block.count;
  }

  /** Goes on with the new source once the old one has told what came before it. */
  private handOver(next: Source & { since: number; held: Block[] }): void {
    const start = next.held[0]!.tick;
    const history = this.history;
    const isCovered = history !== undefined && Number(start - history.base) <= history.last;
    if (!isCovered && Date.now() - next.since < HANDOVER_MS && next.held.length < MAX_HELD) return;
    this.source = { id: next.id, isCoarse: next.isCoarse };
    this.next = undefined;
    this.lastOfPoint = undefined;
    history?.cutFrom(Number(start - history.base));
    this.hasGap ||= !isCovered;
    next.held.forEach((block, i) => this.feed(i === 0 ? { ...block, continues: true } : block));
  }

  private feed(block: Block): void {
    if (this.source.isCoarse) this.feedEnvelope(block);
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

  rows(isLocal: boolean): LogRow[] {
    return this.log.map(({ tick, text }) => ({ time: dateTime(this.ns(tick), isLocal), text })).reverse();
  }

  /** Of the sample at a moment, or of the newest. */
  profile(x: number | undefined, referenceNs: bigint, isLocal: boolean): Profile | undefined {
    const history = this.history;
    if (this.vector === undefined || this.axis === undefined || history === undefined) return undefined;
    const point = history.nearest(x === undefined ? history.last : this.t(x, referenceNs));
    const sample = point && this.vectors?.at(point.t);
    if (sample === undefined) return undefined;
    return {
      y: magnitudes(sample, this.description!, this.vector).slice(0, PROFILE_POINTS),
      axis: this.axis,
      time: dateTime(this.nsOf(point!), isLocal),
    };
  }

  picture(from: number, step: number, columns: number, referenceNs: bigint): Picture | undefined {
    if (this.vectors === undefined || this.vector === undefined) return undefined;
    // Columns stand still while the view goes on, as those of curves do.
    const start = this.t(Math.floor(from / step) * step, referenceNs);
    const ticks = step / this.secondsPerTick();
    return this.vectors.picture(start, ticks, columns + 1, this.description!, this.vector, (t) =>
      this.x(t, referenceNs),
    );
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

  private ns(tick: bigint): bigint {
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

  /** The sample nearest to a moment; of a vector the element at a place of its axis. */
  reading(x: number, referenceNs: bigint, isLocal: boolean, place: Place | undefined): Reading | undefined {
    const point = this.history?.nearest(this.t(x, referenceNs));
    if (point === undefined) return undefined;
    const ns = this.nsOf(point);
    const { text, where } =
      this.vector === undefined
        ? { text: this.textOf(point, ' … '), where: '' }
        : this.elementAt(point, this.vector, place);
    return { text, where, value: point.lo, time: dateTime(ns, isLocal), ns: ns.toString() };
  }

  private elementAt(point: Point, vector: Member, place: Place | undefined): { text: string; where: string } {
    const axis = this.axis!;
    const sample = this.vectors?.at(point.t);
    const i = place === undefined ? -1 : Math.round((place.value - axis.start) / axis.delta);
    if (sample === undefined || place?.label !== axis.label || i < 0 || i >= axis.count) {
      return { text: '', where: '' };
    }
    return { text: this.elementText(sample, vector, i), where: (placeText(axis, i) + ' ' + axis.unit).trim() };
  }

  private elementText(sample: Uint8Array, vector: Member, i: number): string {
    if (vector.type.startsWith('complex') || this.description!.scaling !== undefined) {
      return format(magnitudes(sample, this.description!, vector)[i]!, vector.type);
    }
    return format(numbersOf(sample, this.description!, vector)[i]!, vector.type);
  }

  private nsOf(point: Point): bigint {
    return this.ns(this.history!.base + BigInt(point.t));
  }

  private textOf(point: Point, between: string): string {
    const type = this.picked?.form === 'value' ? this.picked.member.type : 'real64';
    if (point.isCoarse) return format(point.lo, type) + between + format(point.hi, type);
    if (point.exact === undefined) return format(point.lo, type);
    return (type === 'uint64' ? BigInt.asUintN(64, point.exact) : point.exact).toString();
  }

  /** What the columns of a table of its samples are called. */
  columns(): string[] {
    const unit = this.unit() === '' ? '' : ' [' + this.unit() + ']';
    const { axis } = this;
    if (axis === undefined) return [this.key + unit];
    return Array.from({ length: Math.min(axis.count, MAX_CSV_ELEMENTS) }, (_, i) => {
      return this.key + ' at ' + axis.label + ' ' + placeText(axis, i) + unit;
    });
  }

  /** Moments and values in words; of an envelope least and greatest with a blank between. */
  cells(from: number, to: number, referenceNs: bigint, limit: number): { ns: bigint; texts: string[] }[] {
    const half = 0.5; // as in between()
    const [a, b] = [this.t(from, referenceNs) - half, this.t(to, referenceNs) + half];
    if (this.vector !== undefined) {
      const { vector } = this;
      const columns = this.columns();
      return (this.vectors?.between(a, b, limit) ?? []).map(({ t, sample }) => ({
        ns: this.ns(this.history!.base + BigInt(t)),
        texts: columns.map((_, i) => this.elementText(sample, vector, i)),
      }));
    }
    if (this.history === undefined) {
      const inView = ({ tick }: { tick: bigint }) => Number(tick) >= a && Number(tick) <= b;
      return this.log.filter(inView).map(({ tick, text }) => ({ ns: this.ns(tick), texts: [quoted(text)] }));
    }
    return this.history.pointsBetween(a, b, limit).map((point) => ({
      ns: this.nsOf(point),
      texts: [Number.isNaN(point.lo) ? '' : this.textOf(point, ' ')],
    }));
  }

  between(xa: number, xb: number, referenceNs: bigint): Between | undefined {
    const history = this.history;
    if (history === undefined) return undefined;
    const half = 0.5; // of a tick: rounding must not lose the sample that the cursor is on
    const a = this.t(Math.min(xa, xb), referenceNs) - half;
    const b = this.t(Math.max(xa, xb), referenceNs) + half;
    const s = history.statistics(a, b);
    if (s.count === 0) return undefined;
    const short = (v: number) => String(Number(v.toPrecision(7)));
    return {
      min: short(s.min),
      max: short(s.max),
      mean: s.isCoarse ? '' : short(s.sum / s.count),
      rms: s.isCoarse ? '' : short(Math.sqrt(s.squares / s.count)),
      samples: s.isCoarse ? 0 : s.count,
    };
  }

  gaps(from: number, to: number, referenceNs: bigint): GapView[] {
    const history = this.history;
    if (history === undefined) return [];
    return history.gaps(this.t(from, referenceNs), this.t(to, referenceNs), 50).map(([a, b]) => {
      const loss = this.losses.find((each) => each.t > a && each.t <= b);
      const ticks = BigInt(Math.round(b - a));
      const { num, denom } = this.domain?.resolution ?? { num: 1n, denom: 1n };
      return {
        from: this.x(a, referenceNs),
        to: this.x(b, referenceNs),
        text: loss?.text ?? 'no samples for ' + ratio(ticks * num, denom) + ' s',
      };
    });
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

function placeText(axis: Axis, i: number): string {
  return axis.labels[i] ?? String(Number((axis.start + i * axis.delta).toPrecision(12)));
}

/** As a cell of CSV. */
export function quoted(text: string): string {
  return '"' + text.replace(/"/g, '""') + '"';
}

/** A rate that does not change with every pixel. */
function niceRate(perSecond: number): number {
  const power = 2 ** Math.ceil(Math.log2(Math.max(1, perSecond)));
  return Math.min(1000, power);
}
