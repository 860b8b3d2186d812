// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { Csv, Failure, Frame, FromWorker, Place, ToWorker, Trigger } from '../shared/messages';
import { SpectrumPanel } from './spectrum';
import { byId, element, say, takesSignals } from './dom';
import { Failures } from './failures';
import { BEFORE, readLayout, WINDOWS, writeLayout, type Clock } from './layout';
import { SignalList } from './list';
import { LoginWatch, statusOfPage } from './login';
import { save, saveImage } from './saving';
import { sidesOf } from './curves';
import { Plot, type PlotActions, type Screen } from './plot';
import { dateTime, duration } from 'daqstream-protocol';

declare const WORKER: string;

const worker = new Worker(WORKER);
const layout = readLayout(location.hash);
const screen: Screen = {
  from: 0,
  to: layout.windowS,
  referenceNs: 0n,
  clock: layout.clock,
  isDark: false,
  cursors: [undefined, undefined],
  places: [undefined, undefined],
  sides: [1, 0],
};
let view: { from: number; to: number } | undefined;
let pointer: number | undefined;
let pointerPlace: Place | undefined;
let plots: Plot[] = [];
let selected: Plot | undefined;
let isAsked = false;
let last: Frame | undefined;
let wantBefore = '';
let trigger: Trigger | undefined;

const login = new LoginWatch(statusOfPage);

const list = new SignalList(tellWant, (id, inNewPlot) => toggle(id, inNewPlot));

const spectrum = new SpectrumPanel(send, screen);

const actions: PlotActions = {
  select,
  zoomTo(from, to) {
    if (to - from < 1e-9) return;
    view = { from, to };
    tellWant();
  },
  zoomBy(factor, x) {
    // Of what is wanted, not of what is drawn: several steps may come between two frames.
    const before = view === undefined ? layout.windowS : view.to - view.from;
    const span = Math.max(1e-8, Math.min(1e6, before * factor));
    if (view === undefined) {
      layout.windowS = Number(span.toPrecision(4));
      showControls();
      saveLayout();
    } else {
      const part = (x - view.from) / (view.to - view.from);
      view = { from: x - part * span, to: x + (1 - part) * span };
    }
    tellWant();
  },
  panBy(seconds) {
    pause(true);
    view = { from: view!.from + seconds, to: view!.to + seconds };
  },
  resetZoom() {
    if (view !== undefined) pause(false);
  },
  pointAt(x, place) {
    pointer = x;
    pointerPlace = place;
  },
  remove(plot, key) {
    plot.keys = plot.keys.filter((each) => each !== key);
    if (plot.keys.length === 0) removePlot(plot);
    changed();
  },
  add(plot, key) {
    if (!plot.keys.includes(key)) plot.keys.push(key);
    changed();
  },
};

function send(message: ToWorker): void {
  worker.postMessage(message);
}

function tellWant(): void {
  const want: ToWorker = {
    kind: 'want',
    rows: list?.visible ?? [],
    plots: plots.map((plot) => plot.keys),
    width: Math.round(Math.max(50, ...plots.map((plot) => plot.curveWidth))),
    windowS: view === undefined ? layout.windowS : view.to - view.from,
    trigger,
    isHidden: document.visibilityState === 'hidden',
  };
  const text = JSON.stringify(want);
  if (text !== wantBefore) {
    wantBefore = text;
    send(want);
  }
}

function select(plot: Plot): void {
  selected = plot;
  for (const each of plots) each.node.classList.toggle('selected', each === plot && plots.length > 1);
}

function newPlot(keys: string[]): Plot {
  const plot = new Plot(keys, screen, actions);
  plots.push(plot);
  byId('stack').append(plot.node);
  return plot;
}

function removePlot(plot: Plot): void {
  plots = plots.filter((each) => each !== plot);
  plot.destroy();
  if (selected === plot) selected = plots.at(-1);
}

function toggle(id: string, inNewPlot: boolean): void {
  const holder = plots.find((plot) => plot.keys.includes(id));
  if (holder !== undefined && !inNewPlot) {
    actions.remove(holder, id);
    return;
  }
  if (inNewPlot || selected === undefined) selected = newPlot([id]);
  else selected.keys.push(id);
  changed();
}

/** What is plotted changed. */
function changed(): void {
  if (plots.length === 0) view = undefined;
  byId('empty').hidden = plots.length > 0;
  list.setPlotted(plots.flatMap((plot) => plot.keys));
  plots.forEach((plot, i) => plot.describe(i + 1));
  if (selected !== undefined) select(selected);
  offerTraces();
  setTrigger();
  layOut();
  saveLayout();
  tellWant();
}

function layOut(): void {
  const room = byId('plots').clientHeight - 92 - (byId('spectrum').hidden ? 0 : 290);
  for (const plot of plots) {
    const legend = 34 + 23 * Math.min(plot.keys.length, 8);
    plot.height = Math.max(140, Math.floor(room / plots.length) - legend);
  }
}

function saveLayout(): void {
  layout.plots = plots.map((plot) => plot.keys);
  layout.trigger = trigger;
  layout.spectrum = spectrum.choice();
  history.replaceState(null, '', writeLayout(layout));
}

function pause(isPaused: boolean): void {
  if (isPaused) view ??= { from: screen.from, to: screen.to };
  else view = undefined;
  tellWant();
}

function setTheme(): void {
  screen.isDark = layout.theme === '' ? matchMedia('(prefers-color-scheme: dark)').matches : layout.theme === 'dark';
  document.documentElement.dataset['theme'] = screen.isDark ? 'dark' : 'light';
  say(byId('theme'), screen.isDark ? 'Light' : 'Dark');
}

function showControls(): void {
  const windows = byId<HTMLSelectElement>('window');
  const values = [...new Set([...WINDOWS, layout.windowS])].sort((a, b) => a - b);
  windows.replaceChildren(
    ...values.map((s) => {
      const option = element('option', '', windowText(s));
      option.value = String(s);
      option.selected = s === layout.windowS;
      return option;
    }),
  );
  byId<HTMLSelectElement>('clock').value = layout.clock;
}

function windowText(s: number): string {
  if (s >= 3600) return Number((s / 3600).toPrecision(4)) + ' h';
  if (s >= 60) return Number((s / 60).toPrecision(4)) + ' min';
  if (s >= 1) return s + ' s';
  const short = (v: number) => Number(v.toPrecision(4));
  return s >= 1e-3 ? short(s * 1e3) + ' ms' : s >= 1e-6 ? short(s * 1e6) + ' µs' : short(s * 1e9) + ' ns';
}

function setClock(clock: Clock): void {
  layout.clock = screen.clock = clock;
  showControls();
  saveLayout();
  redraw();
}

function redraw(): void {
  last?.plots?.forEach((plot, i) => plots[i]?.show(plot));
}

function statusText(frame: Frame): string {
  if (frame.state === 'connected') return 'connected to ' + location.host;
  if (frame.state !== 'waiting') return 'connecting to ' + location.host;
  const wait = Math.max(0, Math.ceil((frame.retryAt - Date.now()) / 1000));
  return 'server away (' + frame.reason + '), next try in ' + wait + ' s';
}

function showStatus(frame: Frame): void {
  const status = byId('status');
  login.look(frame.state, frame.retryAt);
  say(status, login.isMissing ? 'the login has ended' : statusText(frame));
  status.classList.toggle('bad', frame.state === 'waiting' || login.isMissing);
  byId('login').hidden = !login.isMissing;
  byId('retry').hidden = frame.state !== 'waiting';
  showLag(frame.lagMs);
}

/** Not in the status, which screen readers read out whenever it changes. */
function showLag(lagMs: number | undefined): void {
  const lag = byId('lag');
  lag.classList.toggle('bad', lagMs !== undefined && lagMs >= 1000);
  say(lag, lagMs === undefined ? '' : 'lag ' + (lagMs < 1000 ? lagMs + ' ms' : (lagMs / 1000).toFixed(1) + ' s'));
}

function showHistory(frame: Frame): void {
  const { seconds, bytes, limitBytes } = frame.history;
  if (plots.length === 0) {
    say(byId('history'), '');
    return;
  }
  const [a, b] = screen.cursors;
  const cursors =
    a !== undefined && b !== undefined ? 'Δt = ' + duration(b - a) + ', 1/Δt = ' + rateText(b - a) + ' · ' : '';
  const isLocal = screen.clock === 'local';
  const at = pointer === undefined ? undefined : nanosecondsAt(pointer);
  const moments = [
    ['A', a],
    ['B', b],
    ['', at],
  ] as [string, bigint | undefined][];
  const moment = moments
    .filter(([, ns]) => ns !== undefined)
    .map(([name, ns]) => (name + ' ' + dateTime(ns!, isLocal) + (isLocal ? '' : ' UTC')).trim() + ' · ')
    .join('');
  const mib = (n: number) => (n / 1048576).toFixed(1);
  say(
    byId('history'),
    cursors +
      moment +
      'in view ' +
      windowText(Number((screen.to - screen.from).toPrecision(4))) +
      ' · ' +
      (bytes === 0
        ? ''
        : 'history ' +
          windowText(Number(seconds.toPrecision(3))) +
          ', ' +
          mib(bytes) +
          ' of ' +
          mib(limitBytes) +
          ' MiB · ') +
      frame.samplesPerSecond +
      ' samples/s' +
      (frame.faults > 0 ? ' · ' + frame.faults + ' packets not understood' : ''),
  );
}

function rateText(ns: bigint): string {
  return ns === 0n ? '–' : String(Number(Math.abs(1e9 / Number(ns)).toPrecision(9))) + ' Hz';
}

function nanosecondsAt(x: number): bigint {
  return screen.referenceNs + BigInt(Math.round(x * 1e9));
}

function secondsOf(ns: bigint | undefined): number | undefined {
  return ns === undefined ? undefined : Number(ns - screen.referenceNs) / 1e9;
}

const failures = new Failures((text) => say(byId('note'), text));

worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
  if (data.kind === 'csv') saveCsv(data);
  else if (data.kind === 'spectrum') spectrum.show(data);
  else if (data.kind === 'failure') showFailure(data);
  else showFrame(data);
};

function showFailure({ of, text }: Failure): void {
  if (of === 'ask') isAsked = false; // it goes on with the next question
  failures.tell(text);
}

function saveCsv({ text, isCut }: Csv): void {
  save('daqstream.csv', new Blob([text], { type: 'text/csv' }));
  say(
    byId('note'),
    isCut ? 'Too much for one file: the first samples of what is in view were saved. Zoom in for the rest.' : '',
  );
}

worker.onerror = (event) => {
  isAsked = false; // it goes on with the next question
  failures.tell(event.message + ' at ' + event.filename + ':' + event.lineno + ':' + event.colno);
};

/** Bit fields are drawn bit by bit, complex numbers and small structs part by part. */
function split(frame: Frame): void {
  frame.plots?.forEach((view, i) => {
    for (const trace of view.traces) {
      const keys = trace.parts.map((part) => part.key);
      const plot = plots[i]!;
      if (!trace.isSplit) continue;
      plot.keys = [...new Set(plot.keys.flatMap((key) => (key === trace.key ? keys : [key])))];
      changed();
    }
  });
}

function showFrame(frame: Frame): void {
  isAsked = false;
  last = frame.plots === undefined && last !== undefined ? { ...frame, plots: last.plots } : frame;
  screen.from = frame.from;
  screen.to = frame.to;
  screen.referenceNs = BigInt(frame.referenceNs);
  list.update(frame.added, frame.removed, frame.rows);
  if (frame.plots?.length === plots.length) {
    const sides = frame.plots.map((plot) => sidesOf(plot.traces));
    screen.sides = [Math.max(...sides.map(([l]) => l)), Math.max(...sides.map(([, r]) => r))];
    frame.plots.forEach((plot, i) => {
      if (plot.traces.length === plots[i]!.keys.length) plots[i]!.show(plot);
    });
  }
  showStatus(frame);
  showHistory(frame);
  byId('pause').setAttribute('aria-pressed', String(view !== undefined));
  say(byId('pause'), view === undefined ? 'Pause' : 'Go on');
  say(byId('trigger-state'), frame.trigger);
  if (frame.plots?.length === plots.length) split(frame);
  for (const plot of plots) plot.tellInWords();
  tellWant(); // the room for curves is known once there is one
  const [a, b] = screen.cursors.map(secondsOf);
  spectrum.ask(
    a === undefined || b === undefined ? screen.from : Math.min(a, b),
    a === undefined || b === undefined ? screen.to : Math.max(a, b),
  );
}

/** What the controls of the trigger say; undefined unless it is on. */
function readTrigger(): Trigger | undefined {
  const key = byId<HTMLSelectElement>('trigger-key').value;
  if (byId('trigger-bar').hidden || key === '') return undefined;
  const number = (id: string) => Number(byId<HTMLInputElement>(id).value) || 0;
  return {
    key,
    edge: byId<HTMLSelectElement>('trigger-edge').value as Trigger['edge'],
    level: number('trigger-level'),
    holdOffS: Math.max(0, number('trigger-holdoff')),
    before: BEFORE,
    isSingle: byId<HTMLInputElement>('trigger-single').checked,
  };
}

function setTrigger(): void {
  trigger = readTrigger();
  byId('trigger-toggle').setAttribute('aria-pressed', String(!byId('trigger-bar').hidden));
  if (trigger !== undefined) view = undefined;
  saveLayout();
  tellWant();
}

/** Has the controls say what a link says. */
function restore(): void {
  const { trigger: linked, spectrum: shown } = layout;
  if (linked !== undefined) {
    byId<HTMLSelectElement>('trigger-key').value = linked.key;
    byId<HTMLSelectElement>('trigger-edge').value = linked.edge;
    byId<HTMLInputElement>('trigger-level').value = String(linked.level);
    byId<HTMLInputElement>('trigger-holdoff').value = String(linked.holdOffS);
    byId<HTMLInputElement>('trigger-single').checked = linked.isSingle;
    byId('trigger-bar').hidden = false;
  }
  if (shown !== undefined) spectrum.restore(shown);
}

/** Begins to wait anew. */
function arm(): void {
  trigger = undefined;
  tellWant();
  setTrigger();
}

function offerTraces(): void {
  const all = plots.flatMap((plot) => plot.keys);
  offer(byId<HTMLSelectElement>('trigger-key'), all);
  offer(byId<HTMLSelectElement>('spectrum-key'), all);
}

/** Offers the traces that are plotted. */
function offer(select: HTMLSelectElement, keys: string[]): void {
  const before = select.value;
  select.replaceChildren(
    ...keys.map((key) => {
      const option = element('option', '', key.slice(0, 100));
      option.value = key;
      return option;
    }),
  );
  if (keys.includes(before)) select.value = before;
}

function showSpectrum(): void {
  byId('spectrum-toggle').setAttribute('aria-pressed', String(!byId('spectrum').hidden));
  layOut();
  saveLayout();
}

function flip(id: string): void {
  const node = byId(id);
  node.hidden = !node.hidden;
}

function eachFrame(): void {
  if (!isAsked) {
    isAsked = true;
    send({
      kind: 'ask',
      view,
      cursors: [secondsOf(screen.cursors[0]), secondsOf(screen.cursors[1]), pointer],
      places: [...screen.places, pointerPlace],
      isLocal: screen.clock === 'local',
    });
  }
  requestAnimationFrame(eachFrame);
}

/** A key, how it is shown, what it does; that is told whether Shift is held. */
type Key = [string, string, string, (hasShift: boolean) => void];

const KEYS: Key[] = [
  [' ', 'Space', 'pause, or go on', () => pause(view === undefined)],
  ['/', '/', 'search signals', () => list.focusSearch()],
  ['ArrowLeft', '←', 'back in time', () => actions.panBy(-(screen.to - screen.from) * 0.1)],
  ['ArrowRight', '→', 'forward in time', () => actions.panBy((screen.to - screen.from) * 0.1)],
  ['+', '+', 'zoom in', () => actions.zoomBy(0.5, pointer ?? (screen.from + screen.to) / 2)],
  ['-', '−', 'zoom out', () => actions.zoomBy(2, pointer ?? (screen.from + screen.to) / 2)],
  [
    ',',
    ', .',
    'pointer of the selected plot back or forward; with Shift farther',
    (far) => stepPointer(far ? -20 : -1),
  ],
  ['.', '', '', (far) => stepPointer(far ? 20 : 1)],
  // What the two are with Shift, on one keyboard or another.
  ...['<', ';'].map((key): Key => [key, '', '', () => stepPointer(-20)]),
  ...['>', ':'].map((key): Key => [key, '', '', () => stepPointer(20)]),
  ['a', 'a', 'cursor A at the pointer, or in the middle', () => setCursor(0)],
  ['b', 'b', 'cursor B at the pointer, or in the middle', () => setCursor(1)],
  ['c', 'c', 'no cursors', () => ((screen.cursors = [undefined, undefined]), redraw())],
  ['n', 'n', 'next plot', () => nextPlot()],
  ['x', 'x', 'remove the selected plot', () => selected && (removePlot(selected), changed())],
  ['t', 't', 'UTC, local or relative time', () => setClock(nextClock())],
  ['d', 'd', 'light or dark', () => byId('theme').click()],
  ['l', 'l', 'show or hide the list', () => byId('list-toggle').click()],
  ['g', 'g', 'wait for a trigger', () => byId('trigger-toggle').click()],
  ['s', 's', 'spectrum between the cursors, or of what is in view', () => byId('spectrum-toggle').click()],
  ['e', 'e', 'save what is in view as CSV', () => byId('export-csv').click()],
  ['p', 'p', 'save the plots as an image', () => byId('export-png').click()],
  ['?', '?', 'this list', () => byId<HTMLDialogElement>('help-overlay').showModal()],
];

function setCursor(i: 0 | 1): void {
  const middle = screen.from + (screen.to - screen.from) * (i === 0 ? 0.4 : 0.6);
  const traces = last?.plots?.[Math.max(0, plots.indexOf(selected!))]?.traces;
  const sample = pointer === undefined ? undefined : traces?.[0]?.at[2];
  screen.cursors[i] = sample === undefined ? nanosecondsAt(pointer ?? middle) : BigInt(sample.ns);
  screen.places[i] = pointerPlace;
  pause(true); // a cursor stands on a sample, which must not run away
  redraw();
}

/** Moves the pointer by pixels, for who has no mouse. */
function stepPointer(pixels: number): void {
  pause(true);
  (selected ?? plots[0])?.stepPointer(pixels);
}

function nextPlot(): void {
  const next = plots[(plots.indexOf(selected!) + 1) % plots.length];
  if (next !== undefined) {
    next.node.focus();
    select(next);
    next.node.scrollIntoView({ block: 'nearest' });
  }
}

function nextClock(): Clock {
  return layout.clock === 'utc' ? 'local' : layout.clock === 'local' ? 'relative' : 'utc';
}

document.addEventListener('keydown', (event) => {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest('dialog, select, input:not([type=checkbox])'))
    return;
  if (target.closest('button, input') && (event.key === ' ' || event.key === 'Enter')) return;
  const key = KEYS.find(([name]) => name === event.key);
  if (key !== undefined) {
    event.preventDefault();
    key[3](event.shiftKey);
  }
});

function image(): void {
  const parts = plots.flatMap((plot) => plot.pictures());
  const ofSpectrum = spectrum.picture();
  saveImage('daqstream.png', ofSpectrum === undefined ? parts : [...parts, ofSpectrum]);
}

function start(): void {
  setTheme();
  showControls();
  const keys = byId('keys');
  for (const [, shown, text] of KEYS) {
    if (shown === '') continue;
    const term = element('dt');
    term.append(element('kbd', '', shown));
    keys.append(term, element('dd', '', text));
  }
  for (const [shown, text] of [
    ['wheel', 'zoom; with Shift move in time'],
    ['drag', 'zoom into a box; double click goes back'],
    ['click, Enter', 'in the list: plot a signal; with Shift in a new plot'],
  ]) {
    const term = element('dt');
    term.append(element('kbd', '', shown));
    keys.append(term, element('dd', '', text));
  }
  byId('pause').addEventListener('click', () => pause(view === undefined));
  byId('theme').addEventListener('click', () => {
    layout.theme = screen.isDark ? 'light' : 'dark';
    setTheme();
    saveLayout();
    redraw();
  });
  byId('help').addEventListener('click', () => byId<HTMLDialogElement>('help-overlay').showModal());
  const showList = (isShown: boolean) => {
    byId('signals').hidden = !isShown;
    byId('list-toggle').setAttribute('aria-expanded', String(isShown));
  };
  byId('list-toggle').addEventListener('click', () => {
    layout.isListShown = byId('signals').hidden !== false;
    showList(layout.isListShown);
    saveLayout();
  });
  // A phone has room for one of the two.
  showList(layout.isListShown && (layout.plots.length === 0 || !matchMedia('(max-width: 720px)').matches));
  byId('window').addEventListener('change', (event) => {
    layout.windowS = Number((event.target as HTMLSelectElement).value);
    view = undefined;
    saveLayout();
    tellWant();
  });
  byId('clock').addEventListener('change', (event) => {
    setClock((event.target as HTMLSelectElement).value as Clock);
  });
  takesSignals(byId('plots'), (id) => toggle(id, true));
  byId('export-csv').addEventListener('click', () => {
    send({ kind: 'csv', from: screen.from, to: screen.to });
  });
  byId('export-png').addEventListener('click', image);
  byId('trigger-toggle').addEventListener('click', () => {
    flip('trigger-bar');
    setTrigger();
  });
  byId('trigger-bar').addEventListener('change', setTrigger);
  byId('trigger-arm').addEventListener('click', arm);
  byId('spectrum-toggle').addEventListener('click', () => {
    flip('spectrum');
    showSpectrum();
  });
  byId('spectrum').addEventListener('change', saveLayout);
  byId('retry').addEventListener('click', () => send({ kind: 'retry' }));
  document.addEventListener('visibilitychange', tellWant);
  window.addEventListener('focus', () => {
    if (login.isMissing) send({ kind: 'retry' }); // back from where one logs in
  });
  window.addEventListener('hashchange', () => location.reload()); // a link was opened in this tab
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', setTheme);
  new ResizeObserver(() => {
    layOut();
    tellWant();
  }).observe(byId('plots'));
  for (const each of layout.plots) newPlot(each);
  selected = plots[0];
  offerTraces();
  restore();
  changed();
  showSpectrum();
  eachFrame();
}

start();
