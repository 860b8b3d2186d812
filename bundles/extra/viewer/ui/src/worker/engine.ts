// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import {
  Connection,
  dateTime,
  latest,
  numbersOf,
  sampleText,
  sourceOf,
  type Block,
  type Options,
} from 'daqstream-protocol';
import {
  ABSENT,
  GAP,
  type Ask,
  type Csv,
  type Frame,
  type PlotView,
  type RowView,
  type Spectrum,
  type SpectrumAsk,
  type Want,
} from '../shared/messages';
import type { History } from './history';
import { spectrumOf } from './spectrum';
import { quoted, Trace } from './trace';
import { TriggerWatch } from './trigger';

const ROW_RATE = 5;
/** Part of the height of a plot that nobody sees. */
const UNSEEN = 600;
const SPARK = 60;
/** Most values in a file. */
const CSV_CELLS = 2_000_000;
const DAY_NS = 86_400_000_000_000n;
/** For the samples of all traces. */
const HISTORY_BYTES = 128 * 1024 * 1024;
/** Older samples are left out and drawn as a gap: who looks at a screen wants to see the present. */
const LAG_MS = 2000;
/** Rows that left the view stay subscribed so long, for who scrolls to and fro. */
const ROW_KEPT_MS = 2000;

interface Row {
  id: string;
  text: string;
  unit: string;
  type: string;
  spark: number[];
  isRefused: boolean;
  isFresh: boolean;
  leftAt: number;
}

/** Between the server and the page: keeps the newest of what the page wants, until it asks. */
export class Engine {
  private readonly connection: Connection;
  private readonly rows = new Map<string, Row>();
  private readonly traces = new Map<string, Trace>();
  private readonly byId = new Map<string, Set<Trace>>();
  private readonly subscribed = new Set<string>();
  private added = new Set<string>();
  private removed = new Set<string>();
  private want: Want = {
    kind: 'want',
    rows: [],
    plots: [],
    width: 800,
    windowS: 10,
    trigger: undefined,
    isHidden: false,
  };
  private referenceNs: bigint | undefined;
  private state = 'connecting';
  private reason = '';
  private retryAt = 0;
  private samples = 0;
  private countedAt = Date.now();
  private samplesPerSecond = 0;
  private isChanged = true;
  private askedBefore = '';
  private trigger: TriggerWatch | undefined;

  constructor(url: string, options: Options = {}) {
    this.connection = new Connection(
      url,
      {
        state: (state, reason, retryMs) => {
          this.state = state;
          this.reason = reason;
          this.retryAt = Date.now() + retryMs;
        },
        available: (ids) => {
          const isAnyBack = ids.filter((id) => this.come(id)).length > 0;
          if (isAnyBack) this.subscribe();
          if ([...this.traces.values()].some((trace) => trace.isMisread(this.isListed))) this.choose();
        },
        unavailable: (ids) => ids.forEach((id) => this.go(id)),
        block: (block) => this.take(block),
        loss: (id, loss) => this.byId.get(id)?.forEach((trace) => trace.lost(id, loss)),
        ended: (id) => this.byId.get(id)?.forEach((trace) => trace.ended(id)),
        refused: (id) => this.refused(id),
      },
      { delivery: { lagMs: LAG_MS }, ...options },
    );
  }

  private readonly isListed = (id: string) => this.connection.isAvailable(id);

  /** Tells whether it had been refused, as when it went while the question was on its way. */
  private come(id: string): boolean {
    this.removed.delete(id);
    this.added.add(id);
    let wasRefused = false;
    this.byId.get(id)?.forEach((trace) => (wasRefused = trace.offered() || wasRefused));
    const row = this.rows.get(id);
    if (row?.isRefused) {
      row.isRefused = false;
      row.isFresh = wasRefused = true;
    }
    this.isChanged ||= wasRefused;
    return wasRefused;
  }

  private go(id: string): void {
    this.added.delete(id);
    this.removed.add(id);
    const row = this.rows.get(id);
    if (row !== undefined) row.isRefused = false;
    this.isChanged = true;
  }

  private refused(id: string): void {
    this.subscribed.delete(id);
    this.byId.get(id)?.forEach((trace) => trace.refused(id));
    const row = this.rows.get(sourceOf(id));
    if (row !== undefined && id === latest(row.id, ROW_RATE)) {
      row.isRefused = true;
      row.isFresh = true;
    }
    this.isChanged = true;
  }

  private take(block: Block): void {
    const traces = this.byId.get(block.id);
    if (traces !== undefined) {
      for (const trace of traces) {
        this.samples += trace.take(block);
        const start = this.referenceNs === undefined ? trace.startNs() : undefined;
        if (start !== undefined) {
          this.referenceNs = start - (start % DAY_NS);
        }
      }
      this.isChanged = true;
    }
    const row = this.rows.get(sourceOf(block.id));
    if (row !== undefined && block.id === latest(row.id, ROW_RATE)) takeLatest(row, block);
  }

  wants(want: Want): void {
    const before = JSON.stringify(this.want.trigger);
    this.want = want;
    if (JSON.stringify(want.trigger) !== before) this.trigger = want.trigger && new TriggerWatch(want.trigger);
    this.isChanged = true;
    this.choose();
  }

  /** Compares what is wanted with what is subscribed. */
  private choose(): void {
    const { want } = this;
    const now = Date.now();
    const keys = new Set(want.plots.flat());
    for (const key of keys) {
      const known = this.traces.get(key);
      if (known === undefined || known.isMisread(this.isListed)) {
        this.traces.set(key, new Trace(key, this.isListed));
      }
    }
    for (const key of this.traces.keys()) if (!keys.has(key)) this.traces.delete(key);
    if (this.traces.size === 0) this.referenceNs = undefined;
    const inView = new Set(want.isHidden ? [] : want.rows);
    for (const id of inView) {
      const row = this.rows.get(id);
      if (row === undefined) this.rows.set(id, newRow(id));
      else row.leftAt = 0;
    }
    for (const row of this.rows.values()) {
      if (inView.has(row.id)) continue;
      row.leftAt ||= now;
      if (want.isHidden || now - row.leftAt > ROW_KEPT_MS) this.rows.delete(row.id);
    }
    this.subscribe();
  }

  private subscribe(): void {
    const ids = new Set<string>();
    this.byId.clear();
    const rateOfAll = [...this.traces.values()].reduce((sum, trace) => sum + trace.rateHz(), 0);
    for (const trace of this.traces.values()) {
      trace.choose(this.want.windowS, this.want.width, rateOfAll, this.want.trigger !== undefined);
      for (const id of trace.ids()) {
        const traces = this.byId.get(id) ?? new Set();
        this.byId.set(id, traces.add(trace));
        if (!this.want.isHidden && !trace.isRefused) ids.add(id);
      }
    }
    for (const row of this.rows.values()) if (!row.isRefused) ids.add(latest(row.id, ROW_RATE));
    for (const id of this.subscribed) {
      if (!ids.has(id)) {
        this.subscribed.delete(id);
        this.connection.unsubscribe(id);
      }
    }
    for (const id of ids) {
      if (!this.subscribed.has(id)) {
        this.subscribed.add(id);
        this.connection.subscribe(id);
      }
    }
  }

  /** To be called now and then: rates become known, rows leave. */
  tick(): void {
    const now = Date.now();
    this.samplesPerSecond = Math.round((this.samples * 1000) / Math.max(1, now - this.countedAt));
    this.samples = 0;
    this.countedAt = now;
    const share = HISTORY_BYTES / Math.max(1, this.traces.size);
    for (const trace of this.traces.values()) trace.trim(share);
    this.choose();
  }

  retry(): void {
    this.connection.retry();
  }

  close(): void {
    this.connection.close();
  }

  frame(ask: Ask): Frame {
    const { from, to } = this.viewOf(ask);
    const asked = JSON.stringify([ask, this.want.plots]);
    const isSame = !this.isChanged && asked === this.askedBefore;
    this.isChanged = false;
    this.askedBefore = asked;
    const referenceNs = this.referenceNs ?? 0n;
    const plots = isSame ? undefined : this.want.plots.map((keys) => this.plot(keys, from, to, referenceNs, ask));
    const added = [...this.added];
    const removed = [...this.removed];
    this.added = new Set();
    this.removed = new Set();
    return {
      kind: 'frame',
      trigger: this.trigger?.text ?? '',
      state: this.state,
      reason: this.reason,
      retryAt: this.retryAt,
      added,
      removed,
      rows: this.freshRows(),
      plots,
      from,
      to,
      referenceNs: referenceNs.toString(),
      history: this.historyView(),
      samplesPerSecond: this.samplesPerSecond,
      lagMs: this.connection.lagMs,
      faults: this.connection.faults + this.connection.listenerFaults,
    };
  }

  private viewOf(ask: Ask): { from: number; to: number } {
    if (ask.view !== undefined) return ask.view;
    const triggered = this.triggered();
    if (triggered !== undefined) return triggered;
    const referenceNs = this.referenceNs ?? 0n;
    let end = -Infinity;
    for (const trace of this.traces.values()) {
      end = Math.max(end, trace.endX(referenceNs));
    }
    if (end === -Infinity) end = 0;
    return { from: end - this.want.windowS, to: end };
  }

  /** The view around the newest trigger that has its whole window. */
  private triggered(): { from: number; to: number } | undefined {
    const watch = this.trigger;
    const trace = watch && this.traces.get(watch.trigger.key);
    if (watch === undefined || trace?.history === undefined) return undefined;
    const { windowS } = this.want;
    const perTick = trace.secondsPerTick();
    watch.look(trace.history, windowS / perTick, 1 / perTick);
    if (watch.at === undefined) return undefined;
    const from = trace.x(watch.at, this.referenceNs ?? 0n) - windowS * watch.trigger.before;
    return { from, to: from + windowS };
  }

  spectrum(ask: SpectrumAsk): Spectrum {
    const trace = this.traces.get(ask.key);
    const none = { frequencies: new Float64Array(0), amplitudes: new Float64Array(0) };
    const answer = { kind: 'spectrum' as const, key: ask.key, unit: trace?.unit() ?? '' };
    const referenceNs = this.referenceNs ?? 0n;
    const y = trace?.history?.samples(trace.t(ask.from, referenceNs), trace.t(ask.to, referenceNs));
    if (trace === undefined || y === undefined) return { ...answer, ...none, text: 'no sample' };
    if (trace.vectors !== undefined) return { ...answer, ...none, text: 'its samples are many numbers: choose a part' };
    if (typeof y === 'string') return { ...answer, ...none, text: y };
    const result = spectrumOf(y, trace.rateHz(), ask.shape, ask.averages);
    return { ...answer, ...(result ?? none), text: result?.text ?? 'too few samples' };
  }

  /** A line for each moment that any trace has a sample at; all digits, times to the nanosecond. */
  csv(from: number, to: number): Csv {
    const tables = [...this.traces.values()].map((trace) => ({ trace, names: trace.columns() }));
    const columns = tables.reduce((sum, { names }) => sum + names.length, 0);
    const limit = Math.floor(CSV_CELLS / Math.max(1, columns));
    const rows = new Map<bigint, string[][]>();
    let first = 0;
    let isCut = false;
    for (const { trace, names } of tables) {
      const samples = trace.cells(from, to, this.referenceNs ?? 0n, limit);
      isCut ||= samples.length === limit;
      for (const { ns, texts } of samples) {
        // Samples of one moment, as events may have, have a line each.
        const lines = rows.get(ns) ?? [];
        rows.set(ns, lines);
        let line = lines.find((each) => names.every((_, i) => each[first + i] === ''));
        if (line === undefined) lines.push((line = new Array<string>(columns).fill('')));
        texts.forEach((text, i) => (line[first + i] = text));
      }
      first += names.length;
    }
    const heads = ['time [UTC]', 't [ns]', ...tables.flatMap(({ names }) => names)];
    const lines = [heads.map(quoted).join(',')];
    const moments = [...rows.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    for (const ns of moments) {
      for (const cells of rows.get(ns)!) lines.push([dateTime(ns, false), ns, ...cells].join(','));
    }
    return { kind: 'csv', text: lines.join('\r\n') + '\r\n', isCut };
  }

  private historyView(): Frame['history'] {
    let seconds = 0;
    let bytes = 0;
    for (const trace of this.traces.values()) {
      const history = trace.history;
      if (history === undefined || history.isEmpty) continue;
      bytes += history.bytes + (trace.vectors?.bytes ?? 0);
      seconds = Math.max(seconds, (history.last - history.first) * trace.secondsPerTick());
    }
    return { seconds, bytes, limitBytes: HISTORY_BYTES };
  }

  private freshRows(): RowView[] {
    const fresh: RowView[] = [];
    for (const row of this.rows.values()) {
      if (!row.isFresh) continue;
      row.isFresh = false;
      fresh.push({
        id: row.id,
        text: row.text,
        unit: row.unit,
        type: row.type,
        spark: Float64Array.from(row.spark),
        isRefused: row.isRefused,
      });
    }
    return fresh;
  }

  private problemOf(trace: Trace): string {
    if (this.state === 'connected' && !this.connection.isAvailable(trace.signalId)) {
      return 'not offered now';
    }
    return trace.problem || (trace.text === '' ? 'no sample yet' : '');
  }

  private plot(keys: string[], from: number, to: number, referenceNs: bigint, ask: Ask): PlotView {
    const traces = keys.map((key) => this.traces.get(key)!);
    const curves = traces.map((trace) => (trace.vectors === undefined ? trace.history : undefined));
    const width = this.want.width;
    const span = Math.max(to - from, 1e-12);
    let points = 0;
    traces.forEach((trace, i) => {
      const [a, b] = [trace.t(from, referenceNs), trace.t(to, referenceNs)];
      points = Math.max(points, curves[i]?.countBetween(a, b, 4 * width) ?? 0);
    });
    const { xs, ys } =
      points < 2 * width
        ? exactly(traces, curves, from, to, referenceNs)
        : inColumns(traces, curves, from, span / width, width, referenceNs);
    const [a, b] = ask.cursors;
    return {
      xs,
      ys,
      gaps: traces.flatMap((trace) => trace.gaps(from, to, referenceNs)).slice(0, 100),
      traces: traces.map((trace) => ({
        key: trace.key,
        name: trace.bitName() === '' ? trace.key : trace.signalId + ' · ' + trace.bitName(),
        unit: trace.unit(),
        scale: trace.scale(),
        text: trace.text,
        problem: this.problemOf(trace),
        isCoarse: trace.source.isCoarse,
        isStepped: trace.isStepped(),
        bitName: trace.bitName(),
        parts: trace.parts,
        isSplit: trace.isSplit(),
        rows: trace.rows(ask.isLocal),
        profile: trace.profile(ask.cursors[2], referenceNs, ask.isLocal),
        picture: trace.picture(from, span / width, width, referenceNs),
        at: ask.cursors.map((x, i) =>
          x === undefined ? undefined : trace.reading(x, referenceNs, ask.isLocal, ask.places[i]),
        ),
        between: a === undefined || b === undefined ? undefined : trace.between(a, b, referenceNs),
      })),
    };
  }
}

function newRow(id: string): Row {
  return { id, text: '', unit: '', type: '', spark: [], isRefused: false, isFresh: true, leftAt: 0 };
}

function takeLatest(row: Row, block: Block): void {
  const { description, data } = block;
  const size = description.sampleBytes || data.length;
  const sample = data.subarray(data.length - size);
  row.text = sampleText(sample, description, 80).slice(0, 160); // names of members may be long
  row.unit = description.unit.symbol;
  row.type = description.dataType;
  row.isFresh = true;
  const only = description.members[0];
  if (description.members.length === 1 && only!.elements === 1 && !/complex|128/.test(only!.type)) {
    const value = Number(numbersOf(sample, description, only!)[0]);
    row.spark.push(Number.isFinite(value) ? value : NaN);
    if (row.spark.length > SPARK) row.spark.shift();
  }
}

/** Every sample in view at its own time, all times together. */
function exactly(
  traces: Trace[],
  curves: (History | undefined)[],
  from: number,
  to: number,
  referenceNs: bigint,
): { xs: Float64Array; ys: Float64Array[] } {
  const each = traces.map((trace, i) => {
    const points = curves[i]?.exactly(trace.t(from, referenceNs), trace.t(to, referenceNs));
    return {
      x: (points?.t ?? []).map((t) => trace.x(t, referenceNs)),
      y: points?.y ?? [],
    };
  });
  const total = each.reduce((sum, { x }) => sum + x.length, 0);
  const xs = new Float64Array(total);
  const ys = each.map(() => new Float64Array(total).fill(ABSENT));
  const at = each.map(() => 0);
  let n = 0;
  for (;;) {
    let least = Infinity;
    for (let k = 0; k < each.length; k++) {
      const x = each[k]!.x[at[k]!];
      if (x !== undefined && x < least) least = x;
    }
    if (least === Infinity) break;
    for (let k = 0; k < each.length; k++) {
      if (each[k]!.x[at[k]!] === least) ys[k]![n] = each[k]!.y[at[k]!++]!;
    }
    xs[n++] = least;
  }
  return { xs: xs.slice(0, n), ys: ys.map((y) => y.slice(0, n)) };
}

/** Leaves out the second value of columns in which nobody could tell it from the first. */
function thin(y: Float64Array): void {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < y.length; i++) {
    const v = y[i]!;
    if (v < low) low = v;
    if (v > high && v !== ABSENT) high = v;
  }
  const least = (high - low) / UNSEEN;
  for (let i = 0; i < y.length; i += 3) {
    if (Math.abs(y[i + 1]! - y[i]!) < least) y[i + 1] = ABSENT;
  }
}

/** Extremes in columns of the width of a pixel, the same for all traces. */
function inColumns(
  traces: Trace[],
  curves: (History | undefined)[],
  from: number,
  step: number,
  width: number,
  referenceNs: bigint,
): { xs: Float64Array; ys: Float64Array[] } {
  // Columns stand still while the view goes on, so that a curve does not flicker.
  const first = Math.floor(from / step);
  const count = width + 1;
  const xs = new Float64Array(3 * count);
  for (let i = 0; i < count; i++) {
    xs[3 * i] = (first + i + 0.25) * step;
    xs[3 * i + 1] = (first + i + 0.7) * step;
    xs[3 * i + 2] = (first + i + 0.95) * step;
  }
  const ys = traces.map((trace, i) => {
    const y = new Float64Array(3 * count).fill(ABSENT);
    const ticks = step / trace.secondsPerTick();
    curves[i]?.columns(trace.t(first * step, referenceNs), ticks, count, y, GAP);
    thin(y);
    return y;
  });
  return ys.some(hasGap) ? { xs, ys } : { xs: withoutGaps(xs), ys: ys.map(withoutGaps) };
}

function hasGap(y: Float64Array): boolean {
  for (let i = 2; i < y.length; i += 3) if (Number.isNaN(y[i]!)) return true;
  return false;
}

/** Columns without their places for gaps: a third less for the page to walk through. */
function withoutGaps(columns: Float64Array): Float64Array {
  const kept = new Float64Array((columns.length / 3) * 2);
  for (let i = 0, k = 0; k < kept.length; i += 3) {
    kept[k++] = columns[i]!;
    kept[k++] = columns[i + 1]!;
  }
  return kept;
}
