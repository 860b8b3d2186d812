// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

/** What is in a gap of a curve, and what is no point of it, in the arrays of a frame. */
export const GAP = NaN;
export const ABSENT = Infinity;

/** What the page wants to see; sent when it changes. */
export interface Want {
  kind: 'want';
  /** Ids of the rows of the list that are in view. */
  rows: string[];
  /** Keys of the traces of each plot. */
  plots: string[][];
  /** Pixels that a plot is wide. */
  width: number;
  /** Seconds that are in view. */
  windowS: number;
  trigger: Trigger | undefined;
  /** Nobody looks. */
  isHidden: boolean;
}

/** What a view waits for. */
export interface Trigger {
  key: string;
  edge: 'rising' | 'falling' | 'either';
  level: number;
  holdOffS: number;
  /** Part of the window that is shown before it. */
  before: number;
  isSingle: boolean;
}

export const SHAPES = ['Hann', 'rectangular', 'Blackman-Harris', 'flat top'] as const;

/** Asks for the spectrum of a trace between two moments. */
export interface SpectrumAsk {
  kind: 'spectrum';
  key: string;
  from: number;
  to: number;
  shape: (typeof SHAPES)[number];
  averages: number;
}

export interface Spectrum {
  kind: 'spectrum';
  key: string;
  /** Hz, and amplitudes (peak) in the trace's unit. */
  frequencies: Float64Array;
  amplitudes: Float64Array;
  unit: string;
  text: string;
}

/** On the axis of that label. */
export interface Place {
  label: string;
  value: number;
}

/** Asks for the next frame; the worker answers each once. */
export interface Ask {
  kind: 'ask';
  /** Seconds from the reference; undefined follows what comes. */
  view: { from: number; to: number } | undefined;
  /** A, B and the pointer, in seconds from the reference. */
  cursors: (number | undefined)[];
  /** Where each of them stands in an image, on the axis of its elements. */
  places: (Place | undefined)[];
  isLocal: boolean;
}

export interface Retry {
  kind: 'retry';
}

/** Asks for all samples of all traces between two moments as CSV. */
export interface CsvAsk {
  kind: 'csv';
  from: number;
  to: number;
}

export interface Csv {
  kind: 'csv';
  text: string;
  /** There would have been more. */
  isCut: boolean;
}

export type ToWorker = Want | Ask | Retry | SpectrumAsk | CsvAsk;

export interface RowView {
  id: string;
  text: string;
  unit: string;
  type: string;
  /** The newest numbers, oldest first; empty if the signal has none. */
  spark: Float64Array;
  /** A domain, or something else that has no newest value. */
  isRefused: boolean;
}

/** What may be plotted of a signal that is no single number. */
export interface Part {
  key: string;
  name: string;
}

/** A sample in words. */
export interface LogRow {
  time: string;
  text: string;
}

/** What the elements of a vector stand for: start + i * delta, or the label at i. */
export interface Axis {
  /** Name and unit. */
  label: string;
  unit: string;
  start: number;
  delta: number;
  count: number;
  /** Empty if the elements are evenly spaced. */
  labels: string[];
}

/** One sample of a vector over its axis: the one at the pointer, or else the newest. */
export interface Profile {
  y: Float64Array;
  axis: Axis;
  time: string;
}

/** Many samples of a vector: time to the right, a line for each element or for several. */
export interface Picture {
  columns: number;
  lines: number;
  from: number;
  to: number;
  /** Line by line: 0 where there is nothing, 1 to 255 from low to high. */
  cells: Uint8Array;
  low: number;
  high: number;
}

export interface TraceView {
  key: string;
  name: string;
  unit: string;
  /** What its axis is called: the unit, or the member of a struct, whose members have no unit. */
  scale: string;
  /** The newest value, every digit. */
  text: string;
  /** Why there is nothing to see; empty if there is. */
  problem: string;
  isCoarse: boolean;
  isStepped: boolean;
  /** Of a bit, drawn as a logic trace. */
  bitName: string;
  parts: Part[];
  /** The parts are to be shown in its place. */
  isSplit: boolean;
  /** The newest samples of what is no number, newest first. */
  rows: LogRow[];
  profile: Profile | undefined;
  /** Undefined if it is as before, or there is none. */
  picture: Picture | undefined;
  /** At A, B and the pointer. */
  at: (Reading | undefined)[];
  between: Between | undefined;
}

export interface Reading {
  text: string;
  /** Of an element of a vector: which one; else empty. */
  where: string;
  value: number;
  /** The moment of the sample, exact. */
  time: string;
  ns: string;
}

export interface Between {
  min: string;
  max: string;
  mean: string;
  rms: string;
  samples: number;
}

export interface GapView {
  from: number;
  to: number;
  text: string;
}

export interface PlotView {
  xs: Float64Array;
  /** One for each trace; holds GAP and ABSENT. */
  ys: Float64Array[];
  traces: TraceView[];
  gaps: GapView[];
}

export interface Frame {
  kind: 'frame';
  state: string;
  reason: string;
  /** When it tries again, in ms since 1970. */
  retryAt: number;
  added: string[];
  removed: string[];
  rows: RowView[];
  /** What became of the trigger; empty if there is none. */
  trigger: string;
  /** Undefined if nothing changed since the last frame. */
  plots: PlotView[] | undefined;
  from: number;
  to: number;
  /** Nanoseconds since 1970 of x = 0, as text. */
  referenceNs: string;
  history: { seconds: number; bytes: number; limitBytes: number };
  samplesPerSecond: number;
  /** How old samples are when they are here; undefined if the server does not tell. */
  lagMs: number | undefined;
  /** Samples that could not be read. */
  faults: number;
}

/** The worker could not do what it was told. */
export interface Failure {
  kind: 'failure';
  of: ToWorker['kind'];
  text: string;
}

export type FromWorker = Frame | Spectrum | Csv | Failure;
