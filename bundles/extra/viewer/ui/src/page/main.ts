// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { Csv, Failure, Frame, FromWorker, Place, ToWorker, Trigger } from '../shared/messages';
import { SpectrumPanel } from './spectrum';
import { nextClock, setTheme, showControls } from './controls';
import { byId, say, takesSignals } from './dom';
import { Failures } from './failures';
import { explainKeys, listenToKeys, type Key } from './keys';
import { readLayout, writeLayout, type Clock } from './layout';
import { SignalList } from './list';
import { LoginWatch, statusOfPage } from './login';
import { save, saveImage } from './saving';
import { sidesOf } from './curves';
import type { PlotActions } from './plot';
import { nanosecondsAt, secondsOf, type Screen } from './screen';
import { Stack } from './stack';
import { Status } from './status';
import { offerTraces, readTrigger, showTrigger } from './triggerbar';

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
let isAsked = false;
let last: Frame | undefined;
let wantBefore = '';
let trigger: Trigger | undefined;

const login = new LoginWatch(statusOfPage);
const status = new Status(screen, login);

const actions: PlotActions = {
  select: (plot) => stack.select(plot),
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
      showControls(layout);
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
    if (plot.keys.length === 0) stack.remove(plot);
    changed();
  },
  add(plot, key) {
    if (!plot.keys.includes(key)) plot.keys.push(key);
    changed();
  },
};

const stack = new Stack(screen, actions);

const list = new SignalList(tellWant, (id, inNewPlot) => toggle(id, inNewPlot));

const spectrum = new SpectrumPanel(send, screen);

function send(message: ToWorker): void {
  worker.postMessage(message);
}

function tellWant(): void {
  const want: ToWorker = {
    kind: 'want',
    rows: list?.visible ?? [],
    plots: stack.plots.map((plot) => plot.keys),
    width: Math.round(Math.max(50, ...stack.plots.map((plot) => plot.curveWidth))),
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

function toggle(id: string, inNewPlot: boolean): void {
  const holder = stack.holder(id);
  if (holder !== undefined && !inNewPlot) {
    actions.remove(holder, id);
    return;
  }
  if (inNewPlot || stack.selected === undefined) stack.selected = stack.add([id]);
  else stack.selected.keys.push(id);
  changed();
}

/** What is plotted changed. */
function changed(): void {
  if (stack.plots.length === 0) view = undefined;
  byId('empty').hidden = stack.plots.length > 0;
  list.setPlotted(stack.keys);
  stack.plots.forEach((plot, i) => plot.describe(i + 1));
  if (stack.selected !== undefined) stack.select(stack.selected);
  offerTraces(stack.keys);
  setTrigger();
  stack.layOut();
  saveLayout();
  tellWant();
}

function saveLayout(): void {
  layout.plots = stack.plots.map((plot) => plot.keys);
  layout.trigger = trigger;
  layout.spectrum = spectrum.choice();
  history.replaceState(null, '', writeLayout(layout));
}

function pause(isPaused: boolean): void {
  if (isPaused) view ??= { from: screen.from, to: screen.to };
  else view = undefined;
  tellWant();
}

function showTheme(): void {
  screen.isDark = setTheme(layout.theme);
}

function setClock(clock: Clock): void {
  layout.clock = screen.clock = clock;
  showControls(layout);
  saveLayout();
  redraw();
}

function redraw(): void {
  last?.plots?.forEach((plot, i) => stack.plots[i]?.show(plot));
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

function showFrame(frame: Frame): void {
  isAsked = false;
  last = frame.plots === undefined && last !== undefined ? { ...frame, plots: last.plots } : frame;
  screen.from = frame.from;
  screen.to = frame.to;
  screen.referenceNs = BigInt(frame.referenceNs);
  list.update(frame.added, frame.removed, frame.rows);
  if (frame.plots?.length === stack.plots.length) {
    const sides = frame.plots.map((plot) => sidesOf(plot.traces));
    screen.sides = [Math.max(...sides.map(([l]) => l)), Math.max(...sides.map(([, r]) => r))];
    frame.plots.forEach((plot, i) => {
      if (plot.traces.length === stack.plots[i]!.keys.length) stack.plots[i]!.show(plot);
    });
  }
  status.show(frame);
  if (stack.plots.length > 0) status.showHistory(frame, pointer);
  else say(byId('history'), '');
  byId('pause').setAttribute('aria-pressed', String(view !== undefined));
  say(byId('pause'), view === undefined ? 'Pause' : 'Go on');
  say(byId('trigger-state'), frame.trigger);
  if (frame.plots?.length === stack.plots.length && stack.split(frame.plots)) changed();
  for (const plot of stack.plots) plot.tellInWords();
  tellWant(); // the room for curves is known once there is one
  const [a, b] = screen.cursors.map((ns) => secondsOf(screen, ns));
  spectrum.ask(
    a === undefined || b === undefined ? screen.from : Math.min(a, b),
    a === undefined || b === undefined ? screen.to : Math.max(a, b),
  );
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
  if (linked !== undefined) showTrigger(linked);
  if (shown !== undefined) spectrum.restore(shown);
}

/** Begins to wait anew. */
function arm(): void {
  trigger = undefined;
  tellWant();
  setTrigger();
}

function showSpectrum(): void {
  byId('spectrum-toggle').setAttribute('aria-pressed', String(!byId('spectrum').hidden));
  stack.layOut();
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
      cursors: [secondsOf(screen, screen.cursors[0]), secondsOf(screen, screen.cursors[1]), pointer],
      places: [...screen.places, pointerPlace],
      isLocal: screen.clock === 'local',
    });
  }
  requestAnimationFrame(eachFrame);
}

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
  ['n', 'n', 'next plot', () => stack.selectNext()],
  ['x', 'x', 'remove the selected plot', () => stack.selected && (stack.remove(stack.selected), changed())],
  ['t', 't', 'UTC, local or relative time', () => setClock(nextClock(layout.clock))],
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
  const traces = last?.plots?.[Math.max(0, stack.plots.indexOf(stack.selected!))]?.traces;
  const sample = pointer === undefined ? undefined : traces?.[0]?.at[2];
  screen.cursors[i] = sample === undefined ? nanosecondsAt(screen, pointer ?? middle) : BigInt(sample.ns);
  screen.places[i] = pointerPlace;
  pause(true); // a cursor stands on a sample, which must not run away
  redraw();
}

/** Moves the pointer by pixels, for who has no mouse. */
function stepPointer(pixels: number): void {
  pause(true);
  (stack.selected ?? stack.plots[0])?.stepPointer(pixels);
}

function image(): void {
  const parts = stack.plots.flatMap((plot) => plot.pictures());
  const ofSpectrum = spectrum.picture();
  saveImage('daqstream.png', ofSpectrum === undefined ? parts : [...parts, ofSpectrum]);
}

function start(): void {
  showTheme();
  showControls(layout);
  explainKeys(KEYS);
  listenToKeys(KEYS);
  byId('pause').addEventListener('click', () => pause(view === undefined));
  byId('theme').addEventListener('click', () => {
    layout.theme = screen.isDark ? 'light' : 'dark';
    showTheme();
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
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', showTheme);
  new ResizeObserver(() => {
    stack.layOut();
    tellWant();
  }).observe(byId('plots'));
  for (const each of layout.plots) stack.add(each);
  stack.selected = stack.plots[0];
  offerTraces(stack.keys);
  restore();
  changed();
  showSpectrum();
  eachFrame();
}

start();
