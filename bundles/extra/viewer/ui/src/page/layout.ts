// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { SHAPES, type Trigger } from '../shared/messages';

export type Clock = 'utc' | 'local' | 'relative';

/** What a link shows again. */
export interface Layout {
  plots: string[][];
  windowS: number;
  clock: Clock;
  theme: 'light' | 'dark' | '';
  isListShown: boolean;
  trigger: Trigger | undefined;
  spectrum: SpectrumChoice | undefined;
}

/** What the spectrum shows. */
export interface SpectrumChoice {
  key: string;
  shape: (typeof SHAPES)[number];
  averages: number;
  isLog: boolean;
}

export const WINDOWS = [0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 28800];

/** Of the part of the address behind '#': plots with ';' between, their traces with ','. */
export function readLayout(hash: string): Layout {
  const layout: Layout = {
    plots: [],
    windowS: 10,
    clock: 'utc',
    theme: '',
    isListShown: true,
    trigger: undefined,
    spectrum: undefined,
  };
  for (const pair of hash.replace(/^#/, '').split('&')) {
    const at = pair.indexOf('=');
    const value = pair.slice(at + 1);
    switch (pair.slice(0, at)) {
      case 'p':
        layout.plots = value
          .split(';')
          .slice(0, 32)
          .map((plot) =>
            [
              ...new Set(
                plot
                  .split(',')
                  .map(decoded)
                  .filter((key) => key !== ''),
              ),
            ].slice(0, 64),
          )
          .filter((plot) => plot.length > 0);
        break;
      case 'w': {
        const windowS = Number(value);
        if (windowS > 0 && windowS <= 1e6) layout.windowS = windowS;
        break;
      }
      case 't':
        if (value === 'utc' || value === 'local' || value === 'relative') layout.clock = value;
        break;
      case 'd':
        if (value === 'light' || value === 'dark') layout.theme = value;
        break;
      case 'l':
        layout.isListShown = value !== '0';
        break;
      case 'g':
        layout.trigger = readTrigger(value.split(',').map(decoded));
        break;
      case 's':
        layout.spectrum = readSpectrum(value.split(',').map(decoded));
        break;
    }
  }
  return layout;
}

export function writeLayout(layout: Layout): string {
  const parts = [];
  if (layout.plots.length > 0) {
    parts.push('p=' + layout.plots.map((plot) => plot.map(encoded).join(',')).join(';'));
  }
  parts.push('w=' + layout.windowS, 't=' + layout.clock);
  if (layout.theme !== '') parts.push('d=' + layout.theme);
  if (!layout.isListShown) parts.push('l=0');
  const { trigger, spectrum } = layout;
  if (trigger !== undefined) {
    const { key, edge, level, holdOffS, isSingle } = trigger;
    parts.push('g=' + [encoded(key), edge, level, holdOffS, isSingle ? 'single' : 'again'].join(','));
  }
  if (spectrum !== undefined) {
    const { key, shape, averages, isLog } = spectrum;
    parts.push('s=' + [encoded(key), encoded(shape), averages, isLog ? 'dB' : 'linear'].join(','));
  }
  return '#' + parts.join('&');
}

/** Part of the window that is before a trigger. */
export const BEFORE = 0.25;

function readTrigger([key = '', edge = '', level, holdOff, again]: string[]): Trigger | undefined {
  if (key === '' || (edge !== 'rising' && edge !== 'falling' && edge !== 'either')) return undefined;
  const holdOffS = Math.max(0, finite(holdOff, 0));
  return { key, edge, level: finite(level, 0), holdOffS, before: BEFORE, isSingle: again === 'single' };
}

function readSpectrum([key = '', shape, averages, scale]: string[]): SpectrumChoice | undefined {
  const known = SHAPES.find((each) => each === shape);
  if (key === '' || known === undefined) return undefined;
  const pieces = Math.max(1, Math.min(64, Math.floor(finite(averages, 1))));
  return { key, shape: known, averages: pieces, isLog: scale !== 'linear' };
}

function finite(text: string | undefined, otherwise: number): number {
  const value = Number(text);
  return text !== undefined && text !== '' && Number.isFinite(value) ? value : otherwise;
}

function encoded(key: string): string {
  return encodeURIComponent(key).replace(/%2F/g, '/');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
