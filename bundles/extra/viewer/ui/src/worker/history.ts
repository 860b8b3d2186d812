// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { CHUNK, Chunk, GROUP, type Point } from './chunk';

const FIRST = 128;

/** Points as they are shown: one a column or two, with gaps. */
export interface Points {
  t: number[];
  y: number[];
}

export interface Statistics {
  min: number;
  max: number;
  sum: number;
  squares: number;
  count: number;
  /** Only extremes are known, not every sample. */
  isCoarse: boolean;
}

/** The samples of one trace as far back as there is room; ticks ascend, and are exact. */
export class History {
  private chunks: Chunk[] = [];
  bytes = 0;

  constructor(
    readonly base: bigint,
    private readonly isExact: boolean,
  ) {}

  get isEmpty(): boolean {
    return this.chunks.length === 0;
  }

  get first(): number {
    return this.chunks[0]?.first ?? NaN;
  }

  get last(): number {
    return this.chunks.at(-1)?.last ?? NaN;
  }

  /** Adds a point behind the others; one that is not behind them is left out. */
  add(t: number, lo: number, hi: number, exact: bigint, isCoarse: boolean, hasGap: boolean): void {
    let chunk = this.chunks.at(-1);
    if (chunk !== undefined && t < chunk.last) return;
    if (chunk === undefined || hasGap || chunk.isFull || chunk.isCoarse !== isCoarse) {
      const isNext = chunk !== undefined && chunk.isFull && !hasGap;
      chunk = new Chunk(isCoarse, this.isExact, hasGap, isNext ? CHUNK : FIRST);
      this.chunks.push(chunk);
      this.bytes += chunk.bytes;
    }
    const before = chunk.t.length;
    chunk.add(t, lo, hi, exact);
    if (chunk.t.length !== before) this.count();
  }

  /** Forgets what is at or behind a tick. */
  cutFrom(t: number): void {
    for (let chunk = this.chunks.at(-1); chunk !== undefined; chunk = this.chunks.at(-1)) {
      if (chunk.first < t) {
        chunk.cutFrom(t);
        break;
      }
      this.chunks.pop();
    }
    this.count();
  }

  private count(): void {
    this.bytes = this.chunks.reduce((sum, each) => sum + each.bytes, 0);
  }

  /** Forgets the oldest until the rest has room. */
  trim(limitBytes: number): void {
    let gone = 0;
    while (this.bytes > limitBytes && gone < this.chunks.length - 1) {
      this.bytes -= this.chunks[gone++]!.bytes;
    }
    if (gone > 0) this.chunks.splice(0, gone);
  }

  private firstChunk(t: number): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.chunks[middle]!.last < t) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How many points lie between two ticks, and one on either side; no more than a limit. */
  countBetween(from: number, to: number, limit: number): number {
    let count = 0;
    for (let c = this.firstChunk(from); c < this.chunks.length && count < limit; c++) {
      const chunk = this.chunks[c]!;
      if (chunk.first > to) break;
      count += chunk.find(to) - chunk.find(from);
    }
    return count;
  }

  /** Every point between two ticks, and the next one on either side. */
  exactly(from: number, to: number): Points {
    const points: Points = { t: [], y: [] };
    let c = this.firstChunk(from);
    if (c > 0) c--;
    for (; c < this.chunks.length; c++) {
      const chunk = this.chunks[c]!;
      if (c > 0 && chunk.hasGapBefore) addGap(points, this.chunks[c - 1]!.last, chunk.first);
      const start = Math.max(0, chunk.find(from) - 1);
      for (let i = start; i < chunk.length; i++) {
        const t = chunk.t[i]!;
        const [first, second] = chunk.inOrder(i);
        points.t.push(t);
        points.y.push(first);
        if (second !== first) {
          points.t.push(t);
          points.y.push(second);
        }
        if (t > to) return points;
      }
    }
    return points;
  }

  /**
   * Extremes in columns of a grid. For column i y[3i] and y[3i+1] are the first and the second of
   * least and greatest value, as they came, and y[3i+2] is a gap if one begins in it or goes on;
   * what is none of this is as it was.
   */
  columns(from: number, step: number, count: number, y: Float64Array, gap: number): void {
    let c = this.firstChunk(from);
    if (c > 0) c--;
    const end = from + step * count;
    for (; c < this.chunks.length; c++) {
      const chunk = this.chunks[c]!;
      if (c > 0 && chunk.hasGapBefore) {
        markGap(this.chunks[c - 1]!.last, chunk.first, from, step, count, y, gap);
      }
      if (chunk.first >= end) return;
      this.columnsOf(chunk, from, step, count, y);
    }
  }

  private columnsOf(chunk: Chunk, from: number, step: number, count: number, y: Float64Array): void {
    let i = chunk.find(from);
    while (i < chunk.length) {
      const column = Math.floor((chunk.t[i]! - from) / step);
      if (column >= count) return;
      const columnEnd = from + step * (column + 1);
      let lo = Infinity;
      let hi = -Infinity;
      let loAt = i;
      let hiAt = i - (chunk.falls(i) ? 1 : 0);
      // At least one point: rounded, the column's end may be where the point is.
      do {
        if ((i & (GROUP - 1)) === 0 && i + GROUP <= chunk.length && chunk.t[i + GROUP - 1]! < columnEnd) {
          const g = i >> 6;
          if (chunk.groupLo[g]! < lo) ((lo = chunk.groupLo[g]!), (loAt = i));
          if (chunk.groupHi[g]! > hi) ((hi = chunk.groupHi[g]!), (hiAt = i + 1));
          i += GROUP;
          continue;
        }
        const low = chunk.lo[i]!;
        const high = chunk.hi ? chunk.hi[i]! : low;
        if (low < lo) ((lo = low), (loAt = i));
        if (high > hi) ((hi = high), (hiAt = chunk.falls(i) ? i - 0.5 : i));
        i++;
      } while (i < chunk.length && chunk.t[i]! < columnEnd);
      if (lo <= hi) put(y, column, loAt <= hiAt ? lo : hi, loAt <= hiAt ? hi : lo);
    }
  }

  /** The points between two ticks, both included, no more than a limit. */
  pointsBetween(from: number, to: number, limit: number): Point[] {
    const points: Point[] = [];
    for (let c = this.firstChunk(from); c < this.chunks.length; c++) {
      const chunk = this.chunks[c]!;
      if (chunk.first > to || points.length >= limit) break;
      for (let i = chunk.find(from); i < chunk.length && chunk.t[i]! <= to; i++) {
        points.push(chunk.point(i));
      }
    }
    return points.slice(0, limit);
  }

  /** The point nearest to a tick. */
  nearest(t: number): Point | undefined {
    let c = this.firstChunk(t);
    if (c === this.chunks.length) c--;
    const chunk = this.chunks[c];
    if (chunk === undefined) return undefined;
    let i = Math.min(chunk.find(t), chunk.length - 1);
    let of = chunk;
    if (i > 0) {
      if (t - chunk.t[i - 1]! <= Math.abs(chunk.t[i]! - t)) i--;
    } else if (c > 0 && t - this.chunks[c - 1]!.last <= Math.abs(chunk.first - t)) {
      of = this.chunks[c - 1]!;
      i = of.length - 1;
    }
    return of.point(i);
  }

  /** What is known of the samples from a tick to another one, both included. */
  statistics(from: number, to: number): Statistics {
    const s: Statistics = { min: Infinity, max: -Infinity, sum: 0, squares: 0, count: 0, isCoarse: false };
    for (let c = this.firstChunk(from); c < this.chunks.length; c++) {
      const chunk = this.chunks[c]!;
      if (chunk.first > to) break;
      for (let i = chunk.find(from); i < chunk.length && chunk.t[i]! <= to; i++) {
        const lo = chunk.lo[i]!;
        const hi = chunk.hi ? chunk.hi[i]! : lo;
        if (Number.isNaN(lo)) continue;
        s.min = Math.min(s.min, lo);
        s.max = Math.max(s.max, hi);
        s.sum += lo;
        s.squares += lo * lo;
        s.count++;
        s.isCoarse ||= chunk.isCoarse;
      }
    }
    return s;
  }

  /** The values of all samples between two ticks; or why there are none in one piece. */
  samples(from: number, to: number): Float64Array | string {
    const values: number[] = [];
    for (let c = this.firstChunk(from); c < this.chunks.length; c++) {
      const chunk = this.chunks[c]!;
      if (chunk.first > to) break;
      if (chunk.isCoarse) return 'only extremes are known here; zoom in and wait for samples';
      if (chunk.hasGapBefore && values.length > 0) return 'there is a gap in it';
      const end = chunk.find(to);
      for (let i = chunk.find(from); i < end; i++) values.push(chunk.lo[i]!);
    }
    return values.some(Number.isNaN) ? 'there is a gap in it' : Float64Array.from(values);
  }

  /** The first crossing of a level at or behind a tick, by samples that follow each other. */
  crossing(from: number, level: number, edge: 'rising' | 'falling' | 'either'): number | undefined {
    let before = NaN;
    for (let c = this.firstChunk(from); c < this.chunks.length; c++) {
      const chunk = this.chunks[c]!;
      if (chunk.hasGapBefore) before = NaN;
      let i = chunk.find(from);
      if (i > 0 && Number.isNaN(before)) before = chunk.lo[i - 1]!;
      for (; i < chunk.length; i++) {
        // A group that stays on one side has no crossing but with its neighbours.
        const g = i >> 6;
        if ((i & 63) === 0 && i + 64 <= chunk.length) {
          const isAbove = chunk.groupLo[g]! >= level;
          const isBelow = chunk.groupHi[g]! < level;
          if ((isAbove && before >= level) || (isBelow && before < level)) {
            i += 63;
            before = chunk.lo[i]!;
            continue;
          }
        }
        const value = chunk.lo[i]!;
        const rises = before < level && value >= level;
        const falls = before >= level && value < level;
        if ((rises && edge !== 'falling') || (falls && edge !== 'rising')) return chunk.t[i]!;
        before = value;
      }
    }
    return undefined;
  }

  /** Where points are missing between two ticks: last before, first behind. */
  gaps(from: number, to: number, limit: number): [number, number][] {
    const found: [number, number][] = [];
    for (let c = Math.max(1, this.firstChunk(from)); c < this.chunks.length; c++) {
      const last = this.chunks[c - 1]!.last;
      if (last > to || found.length >= limit) break;
      if (this.chunks[c]!.hasGapBefore) found.push([last, this.chunks[c]!.first]);
    }
    return found;
  }
}

function addGap(points: Points, before: number, behind: number): void {
  if (points.t.length > 0) {
    points.t.push((before + behind) / 2);
    points.y.push(NaN);
  }
}

function markGap(
  before: number,
  behind: number,
  from: number,
  step: number,
  count: number,
  y: Float64Array,
  gap: number,
): void {
  const first = Math.max(0, Math.floor((before - from) / step));
  const last = Math.min(count - 1, Math.floor((behind - from) / step));
  // A hole narrower than a column is seen all the same, at the column's end.
  for (let column = first; column === first ? column < count : column < last; column++) {
    y[3 * column + 2] = gap;
  }
}

/** Lays two values over what is in a column. */
function put(y: Float64Array, column: number, first: number, second: number): void {
  const at = 3 * column;
  const a = y[at]!;
  if (!Number.isFinite(a)) {
    y[at] = first;
    if (first !== second) y[at + 1] = second;
    return;
  }
  const b = Number.isFinite(y[at + 1]!) ? y[at + 1]! : a;
  const least = Math.min(first, second, a, b);
  const greatest = Math.max(first, second, a, b);
  y[at] = a <= b ? least : greatest;
  if (least !== greatest) y[at + 1] = a <= b ? greatest : least;
}
