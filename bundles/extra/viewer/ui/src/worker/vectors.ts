// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { numbersOf, valueAt, type Description, type Dimension, type Member } from 'daqstream-protocol';
import type { Axis, Picture } from '../shared/messages';

const MAX_LINES = 512;
/** Of what an entry takes beside its sample. */
const ENTRY_BYTES = 64;
/** An image may take this part of the time. */
const SHARE = 0.25;
const MAX_LABELS = 512;

interface Entry {
  t: number;
  sample: Uint8Array;
  hasGapBefore: boolean;
}

/** The member that is the whole sample and has many numbers; undefined of other samples. */
export function vectorOf(description: Description): Member | undefined {
  const only = description.members[0];
  const isVector = description.members.length === 1 && only!.elements > 1 && only!.name === '';
  return isVector && !only!.type.endsWith('int128') ? only : undefined;
}

/** A number for each element; of complex ones the magnitude. */
export function magnitudes(sample: Uint8Array, description: Description, member: Member): Float64Array {
  const numbers = numbersOf(sample, description, member);
  const { scale, offset } = description.scaling ?? { scale: 1, offset: 0 };
  const values = new Float64Array(member.elements);
  const isComplex = member.type.startsWith('complex');
  for (let i = 0; i < values.length; i++) {
    values[i] = isComplex
      ? Math.hypot(Number(numbers[2 * i]), Number(numbers[2 * i + 1]))
      : Number(numbers[i]) * scale + offset;
  }
  return values;
}

/** What the elements stand for: of a matrix, whose rows are one behind the other, their numbers. */
export function axisOf(member: Member): Axis {
  const dimension = member.dimensions.length === 1 ? member.dimensions[0] : undefined;
  const unit = dimension?.unit.symbol ?? '';
  const label = (dimension?.name || 'element') + (unit === '' ? '' : ' [' + unit + ']');
  if (dimension?.rule === 'linear' && dimension.delta !== 0) {
    return { label, unit, start: dimension.start, delta: dimension.delta, count: member.elements, labels: [] };
  }
  const count = Math.min(MAX_LABELS, dimension === undefined ? 0 : member.elements);
  const labels = Array.from({ length: count }, (_, i) => labelOf(dimension!, i));
  return { label, unit, start: 0, delta: 1, count: member.elements, labels };
}

function labelOf(dimension: Dimension, i: number): string {
  const at = valueAt(dimension, i);
  return typeof at === 'number' ? String(Number(at.toPrecision(6))) : String(at).slice(0, 24);
}

/** Samples of many numbers as they came, as far back as there is room; ticks as those of History. */
export class Vectors {
  private entries: Entry[] = [];
  bytes = 0;
  private limits: [number, number] | undefined;
  private notBefore = 0;

  add(t: number, sample: Uint8Array, hasGapBefore: boolean): void {
    const last = this.entries.at(-1);
    if (last !== undefined && t < last.t) return;
    // A sample is part of a message, which would be kept with it.
    this.entries.push({ t, sample: sample.slice(), hasGapBefore });
    this.bytes += sample.length + ENTRY_BYTES;
  }

  trim(limitBytes: number): void {
    let gone = 0;
    while (this.bytes > limitBytes && gone < this.entries.length - 1) {
      this.bytes -= this.entries[gone++]!.sample.length + ENTRY_BYTES;
    }
    if (gone > 0) this.entries.splice(0, gone);
  }

  /** Index of the first entry at or behind a tick. */
  private find(t: number): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle]!.t < t) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The sample of a tick that there is one of. */
  at(t: number): Uint8Array | undefined {
    const entry = this.entries[this.find(t)];
    return entry?.t === t ? entry.sample : undefined;
  }

  between(from: number, to: number, limit: number): { t: number; sample: Uint8Array }[] {
    const first = this.find(from);
    const found = this.entries.slice(first, first + limit);
    return found.filter((entry) => entry.t <= to);
  }

  /**
   * Time from left to right, elements from the first line on, in each cell the greatest of what is
   * in it; undefined if the last one has still to do, since images cost time.
   */
  picture(
    from: number,
    step: number,
    columns: number,
    description: Description,
    member: Member,
    x: (t: number) => number,
  ): Picture | undefined {
    const started = performance.now();
    if (started < this.notBefore) return undefined;
    const lines = Math.min(MAX_LINES, member.elements);
    const cells = new Float32Array(columns * lines).fill(-Infinity);
    const end = from + step * columns;
    let i = Math.max(0, this.find(from) - 1);
    for (; i < this.entries.length && this.entries[i]!.t < end; i++) {
      const { t, sample } = this.entries[i]!;
      const first = Math.max(0, Math.floor((t - from) / step));
      const last = Math.min(columns, Math.max(first + 1, Math.floor((this.endOf(i) - from) / step)));
      fill(cells, columns, first, last, magnitudes(sample, description, member), lines);
    }
    const picture = this.coloured(cells);
    const now = performance.now();
    this.notBefore = now + (now - started) / SHARE;
    return { columns, lines, from: x(from), to: x(end), ...picture };
  }

  /** A sample holds until the next one comes; before a gap, as long as the one before it. */
  private endOf(i: number): number {
    const { t } = this.entries[i]!;
    const next = this.entries[i + 1];
    const before = this.entries[i - 1];
    const usual = before === undefined || this.entries[i]!.hasGapBefore ? 0 : t - before.t;
    if (next === undefined) return t + usual;
    return next.hasGapBefore ? Math.min(next.t, t + usual) : next.t;
  }

  /** From 1 to 255 between limits that do not change with every sample; 0 where there is nothing. */
  private coloured(cells: Float32Array): { cells: Uint8Array; low: number; high: number } {
    let low = Infinity;
    let high = -Infinity;
    for (const v of cells) {
      if (v < low && v !== -Infinity) low = v;
      if (v > high) high = v;
    }
    if (low > high) [low, high] = [0, 1];
    const before = this.limits;
    const isFit =
      before !== undefined && low >= before[0] && high <= before[1] && high - low > 0.4 * (before[1] - before[0]);
    if (!isFit) this.limits = rounded(low, high);
    [low, high] = this.limits!;
    const scale = 254 / (high - low);
    return { cells: Uint8Array.from(cells, (v) => (v === -Infinity ? 0 : 1 + (v - low) * scale)), low, high };
  }
}

/** Outwards, to a fifth of the power of ten of their distance. */
function rounded(low: number, high: number): [number, number] {
  const span = high - low || Math.abs(high) || 1;
  const unit = 10 ** Math.floor(Math.log10(span)) / 5;
  const [from, to] = [Math.floor(low / unit) * unit, Math.ceil(high / unit) * unit];
  return from < to ? [from, to] : [from, from + unit];
}

function fill(
  cells: Float32Array,
  columns: number,
  first: number,
  last: number,
  values: Float64Array,
  lines: number,
): void {
  for (let k = 0; k < values.length; k++) {
    const v = values[k]!;
    if (!Number.isFinite(v)) continue;
    const at = Math.floor((k * lines) / values.length) * columns;
    for (let c = first; c < last; c++) if (v > cells[at + c]!) cells[at + c] = v;
  }
}
