// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

export const CHUNK = 4096;
export const GROUP = 64;

export interface Point {
  t: number;
  lo: number;
  hi: number;
  exact: bigint | undefined;
  isCoarse: boolean;
}

/** Points one behind the other, without a gap between. */
export class Chunk {
  /** Ticks from the base of the history, whole numbers. */
  t: Float64Array;
  lo: Float64Array;
  hi: Float64Array | undefined;
  /** Of integers of 64 bits. */
  exact: BigInt64Array | undefined;
  /** Extremes of each GROUP points. */
  groupLo = new Float64Array(CHUNK / GROUP).fill(Infinity);
  groupHi = new Float64Array(CHUNK / GROUP).fill(-Infinity);
  length = 0;

  constructor(
    readonly isCoarse: boolean,
    isExact: boolean,
    readonly hasGapBefore: boolean,
    capacity: number,
  ) {
    this.t = new Float64Array(capacity);
    this.lo = new Float64Array(capacity);
    this.hi = isCoarse ? new Float64Array(capacity) : undefined;
    this.exact = isExact ? new BigInt64Array(capacity) : undefined;
  }

  get bytes(): number {
    const arrays = 2 + (this.hi ? 1 : 0) + (this.exact ? 1 : 0);
    return this.t.length * 8 * arrays + 1024;
  }

  get first(): number {
    return this.t[0]!;
  }

  get last(): number {
    return this.t[this.length - 1]!;
  }

  get isFull(): boolean {
    return this.length === CHUNK;
  }

  add(t: number, lo: number, hi: number, exact: bigint): void {
    if (this.length === this.t.length) this.grow();
    const i = this.length++;
    this.t[i] = t;
    this.lo[i] = lo;
    if (this.hi) this.hi[i] = hi;
    if (this.exact) this.exact[i] = exact;
    const g = i >> 6;
    if (lo < this.groupLo[g]!) this.groupLo[g] = lo;
    if (hi > this.groupHi[g]!) this.groupHi[g] = hi;
  }

  private grow(): void {
    const capacity = Math.min(CHUNK, this.t.length * 2);
    const larger = (a: Float64Array) => {
      const b = new Float64Array(capacity);
      b.set(a);
      return b;
    };
    this.t = larger(this.t);
    this.lo = larger(this.lo);
    if (this.hi) this.hi = larger(this.hi);
    if (this.exact) {
      const b = new BigInt64Array(capacity);
      b.set(this.exact);
      this.exact = b;
    }
  }

  point(i: number): Point {
    return {
      t: this.t[i]!,
      lo: this.lo[i]!,
      hi: this.hi ? this.hi[i]! : this.lo[i]!,
      exact: this.exact?.[i],
      isCoarse: this.isCoarse,
    };
  }

  /** Least and greatest value as they probably came: a falling curve has the greatest first. */
  inOrder(i: number): [number, number] {
    const lo = this.lo[i]!;
    const hi = this.hi ? this.hi[i]! : lo;
    return this.falls(i) ? [hi, lo] : [lo, hi];
  }

  falls(i: number): boolean {
    if (!this.hi || i === 0) return false;
    return this.lo[i - 1]! + this.hi[i - 1]! > this.lo[i]! + this.hi[i]!;
  }

  cutFrom(t: number): void {
    this.length = this.find(t);
    const g = this.length >> 6;
    this.groupLo.fill(Infinity, g);
    this.groupHi.fill(-Infinity, g);
    for (let i = g << 6; i < this.length; i++) {
      const lo = this.lo[i]!;
      const hi = this.hi ? this.hi[i]! : lo;
      if (lo < this.groupLo[g]!) this.groupLo[g] = lo;
      if (hi > this.groupHi[g]!) this.groupHi[g] = hi;
    }
  }

  /** Index of the first point at or behind a tick. */
  find(t: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.t[middle]! < t) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
