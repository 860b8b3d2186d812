// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

export type Clock = 'utc' | 'local' | 'relative';

/** What a link shows again. */
export interface Layout {
  plots: string[][];
  windowS: number;
  clock: Clock;
  theme: 'light' | 'dark' | '';
}

export const WINDOWS = [0.01, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 28800];

/** Of the part of the address behind '#': plots with ';' between, their traces with ','. */
export function readLayout(hash: string): Layout {
  const layout: Layout = { plots: [], windowS: 10, clock: 'utc', theme: '' };
  for (const pair of hash.replace(/^#/, '').split('&')) {
    const at = pair.indexOf('=');
    const value = pair.slice(at + 1);
    switch (pair.slice(0, at)) {
      case 'p':
        layout.plots = value
          .split(';')
          .slice(0, 32)
          .map((plot) => [...new Set(plot.split(',').map(decoded).filter((key) => key !== ''))].slice(0, 64))
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
  return '#' + parts.join('&');
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
