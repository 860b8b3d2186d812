// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { dateTime, format, numbersOf, ratio, type Member } from 'daqstream-protocol';
import type {
  Ask,
  Axis,
  Between,
  GapView,
  LogRow,
  Picture,
  Place,
  Profile,
  Reading,
  TraceView,
} from '../shared/messages';
import type { Point } from './chunk';
import type { Trace } from './trace';
import { magnitudes } from './vectors';

const PROFILE_POINTS = 16_384;

/** What a plot is told of a trace that is drawn from a moment on in columns of a width. */
export function viewOf(
  trace: Trace,
  problem: string,
  ask: Ask,
  from: number,
  step: number,
  width: number,
  referenceNs: bigint,
): TraceView {
  const [a, b] = ask.cursors;
  return {
    key: trace.key,
    name: trace.bitName() === '' ? trace.key : trace.signalId + ' · ' + trace.bitName(),
    unit: trace.unit(),
    scale: trace.scale(),
    text: trace.text,
    problem,
    isCoarse: trace.source.isCoarse,
    isStepped: trace.isStepped(),
    bitName: trace.bitName(),
    parts: trace.parts,
    isSplit: trace.isSplit(),
    rows: rows(trace, ask.isLocal),
    profile: profile(trace, ask.cursors[2], referenceNs, ask.isLocal),
    picture: picture(trace, from, step, width, referenceNs),
    at: ask.cursors.map((x, i) =>
      x === undefined ? undefined : reading(trace, x, referenceNs, ask.isLocal, ask.places[i]),
    ),
    between: a === undefined || b === undefined ? undefined : between(trace, a, b, referenceNs),
  };
}

/** The sample nearest to a moment; of a vector the element at a place of its axis. */
function reading(
  trace: Trace,
  x: number,
  referenceNs: bigint,
  isLocal: boolean,
  place: Place | undefined,
): Reading | undefined {
  const point = trace.history?.nearest(trace.t(x, referenceNs));
  if (point === undefined) return undefined;
  const ns = nsOf(trace, point);
  const { text, where } =
    trace.vector === undefined
      ? { text: textOf(trace, point, ' … '), where: '' }
      : elementAt(trace, point, trace.vector, place);
  return { text, where, value: point.lo, time: dateTime(ns, isLocal), ns: ns.toString() };
}

function elementAt(
  trace: Trace,
  point: Point,
  vector: Member,
  place: Place | undefined,
): { text: string; where: string } {
  const axis = trace.axis!;
  const sample = trace.vectors?.at(point.t);
  const i = place === undefined ? -1 : Math.round((place.value - axis.start) / axis.delta);
  if (sample === undefined || place?.label !== axis.label || i < 0 || i >= axis.count) {
    return { text: '', where: '' };
  }
  return { text: elementText(trace, sample, vector, i), where: (placeText(axis, i) + ' ' + axis.unit).trim() };
}

export function elementText(trace: Trace, sample: Uint8Array, vector: Member, i: number): string {
  if (vector.type.startsWith('complex') || trace.description!.scaling !== undefined) {
    return format(magnitudes(sample, trace.description!, vector)[i]!, vector.type);
  }
  return format(numbersOf(sample, trace.description!, vector)[i]!, vector.type);
}

export function nsOf(trace: Trace, point: Point): bigint {
  return trace.ns(trace.history!.base + BigInt(point.t));
}

export function textOf(trace: Trace, point: Point, between: string): string {
  const type = trace.picked?.form === 'value' ? trace.picked.member.type : 'real64';
  if (point.isCoarse) return format(point.lo, type) + between + format(point.hi, type);
  if (point.exact === undefined) return format(point.lo, type);
  return (type === 'uint64' ? BigInt.asUintN(64, point.exact) : point.exact).toString();
}

/** Of the sample at a moment, or of the newest. */
function profile(trace: Trace, x: number | undefined, referenceNs: bigint, isLocal: boolean): Profile | undefined {
  const history = trace.history;
  if (trace.vector === undefined || trace.axis === undefined || history === undefined) return undefined;
  const point = history.nearest(x === undefined ? history.last : trace.t(x, referenceNs));
  const sample = point && trace.vectors?.at(point.t);
  if (sample === undefined) return undefined;
  return {
    y: magnitudes(sample, trace.description!, trace.vector).slice(0, PROFILE_POINTS),
    axis: trace.axis,
    time: dateTime(nsOf(trace, point!), isLocal),
  };
}

function picture(trace: Trace, from: number, step: number, columns: number, referenceNs: bigint): Picture | undefined {
  if (trace.vectors === undefined || trace.vector === undefined) return undefined;
  // Columns stand still while the view goes on, as those of curves do.
  const start = trace.t(Math.floor(from / step) * step, referenceNs);
  const ticks = step / trace.secondsPerTick();
  return trace.vectors.picture(start, ticks, columns + 1, trace.description!, trace.vector, (t) =>
    trace.x(t, referenceNs),
  );
}

function rows(trace: Trace, isLocal: boolean): LogRow[] {
  return trace.log.map(({ tick, text }) => ({ time: dateTime(trace.ns(tick), isLocal), text })).reverse();
}

function between(trace: Trace, xa: number, xb: number, referenceNs: bigint): Between | undefined {
  const history = trace.history;
  if (history === undefined) return undefined;
  const half = 0.5; // of a tick: rounding must not lose the sample that the cursor is on
  const a = trace.t(Math.min(xa, xb), referenceNs) - half;
  const b = trace.t(Math.max(xa, xb), referenceNs) + half;
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

export function gaps(trace: Trace, from: number, to: number, referenceNs: bigint): GapView[] {
  const history = trace.history;
  if (history === undefined) return [];
  return history.gaps(trace.t(from, referenceNs), trace.t(to, referenceNs), 50).map(([a, b]) => {
    const loss = trace.losses.find((each) => each.t > a && each.t <= b);
    const ticks = BigInt(Math.round(b - a));
    const { num, denom } = trace.domain?.resolution ?? { num: 1n, denom: 1n };
    return {
      from: trace.x(a, referenceNs),
      to: trace.x(b, referenceNs),
      text: loss?.text ?? 'no samples for ' + ratio(ticks * num, denom) + ' s',
    };
  });
}

export function placeText(axis: Axis, i: number): string {
  return axis.labels[i] ?? String(Number((axis.start + i * axis.delta).toPrecision(12)));
}
