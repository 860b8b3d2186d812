// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { Connection, latest, sourceOf, type Block, type Options } from 'daqstream-protocol';
import type { Ask, Csv, Frame, PlotView, RowView, Spectrum, SpectrumAsk, Want } from '../shared/messages';
import { csvOf } from './csv';
import { exactly, inColumns } from './curves';
import { gaps, viewOf } from './readings';
import { newRow, takeLatest, type Row } from './rows';
import { spectrumOf } from './spectrum';
import { Trace } from './trace';
import { TriggerWatch } from './trigger';

const ROW_RATE = 5;
const DAY_NS = 86_400_000_000_000n;
/** For the samples of all traces. */
const HISTORY_BYTES = 128 * 1024 * 1024;
/** Older samples are left out and drawn as a gap: who looks at a screen wants to see the present. */
const LAG_MS = 2000;
/** Rows that left the view stay subscribed so long, for who scrolls to and fro. */
const ROW_KEPT_MS = 2000;

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

  csv(from: number, to: number): Csv {
    return csvOf([...this.traces.values()], from, to, this.referenceNs ?? 0n);
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
    return {
      xs,
      ys,
      gaps: traces.flatMap((trace) => gaps(trace, from, to, referenceNs)).slice(0, 100),
      traces: traces.map((trace) => viewOf(trace, this.problemOf(trace), ask, from, span / width, width, referenceNs)),
    };
  }
}
