// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { COLOURS } from '../src/page/colours';

/** WCAG 2.2, level AA: for text, and for what shows where a control or a curve is. */
const TEXT = 4.5;
const SHAPE = 3;

function variables(css: string, selector: string): { [name: string]: string } {
  const block = css.slice(css.indexOf(selector + ' {')).split('}', 1)[0]!;
  return Object.fromEntries(
    [...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
  );
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function ratio(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

for (const [theme, selector] of [
  ['light', ':root'],
  ['dark', ':root[data-theme="dark"]'],
] as const) {
  test('contrasts are those of AA when it is ' + theme, () => {
    const colours = variables(readFileSync('src/page/style.css', 'utf8'), selector);
    const pairs: [string, string, number][] = [];
    for (const back of ['back', 'panel', 'chosen']) {
      for (const text of ['text', 'soft', 'accent', 'bad']) pairs.push([text, back, TEXT]);
    }
    pairs.push(['accent-text', 'accent', TEXT], ['edge', 'back', SHAPE], ['edge', 'panel', SHAPE]);
    const low = pairs
      .map(([front, back, least]) => ({ front, back, least, is: ratio(colours[front]!, colours[back]!) }))
      .filter(({ is, least }) => !(is >= least));
    assert.deepEqual(low, []);
    // Numbers at an axis have the colour of its curve.
    for (const curve of COLOURS[theme]) assert.ok(ratio(curve, colours['back']!) >= TEXT, curve);
  });
}

test('the contrast of black and white is known', () => {
  assert.ok(Math.abs(ratio('#000000', '#ffffff') - 21) < 1e-9);
  assert.ok(Math.abs(ratio('#767676', '#ffffff') - 4.54) < 0.01);
});
