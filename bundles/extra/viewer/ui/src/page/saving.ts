// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { element } from './dom';

/** A canvas of the page, and what is to stand above it. */
export interface Part {
  canvas: HTMLCanvasElement;
  titles: { text: string; colour: string }[];
}

const LINE = 18;

export function save(name: string, blob: Blob): void {
  const link = element('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** One image of all parts, one below the other. */
export function saveImage(name: string, parts: readonly Part[]): void {
  const scale = devicePixelRatio;
  const whole = document.createElement('canvas');
  whole.width = Math.max(1, ...parts.map(({ canvas }) => canvas.width));
  whole.height = Math.max(
    1,
    parts.reduce((sum, { canvas }) => sum + canvas.height + LINE * scale, 0),
  );
  const context = whole.getContext('2d')!;
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--back');
  context.fillRect(0, 0, whole.width, whole.height);
  context.font = 12 * scale + 'px sans-serif';
  let top = 0;
  for (const { canvas, titles } of parts) {
    let left = 10 * scale;
    for (const { text, colour } of titles) {
      context.fillStyle = colour;
      context.fillText(text.slice(0, 80), left, top + LINE * scale * 0.75);
      left += context.measureText(text.slice(0, 80)).width + 16 * scale;
    }
    context.drawImage(canvas, 0, top + LINE * scale);
    top += canvas.height + LINE * scale;
  }
  whole.toBlob((blob) => blob !== null && save(name, blob));
}
