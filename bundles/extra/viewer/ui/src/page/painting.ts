// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type uPlot from 'uplot';
import type { Axis, Picture } from '../shared/messages';

/** From low to high, told apart also by those who see few colours: each is lighter than the last. */
const STOPS = [0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725];

/** Of a cell, as 0xAABBGGRR; nothing for 0. */
const PALETTE = Uint32Array.from({ length: 256 }, (_, i) => (i === 0 ? 0 : colourOf((i - 1) / 254)));

function colourOf(part: number): number {
  const at = Math.min(part * (STOPS.length - 1), STOPS.length - 1.001);
  const [a, b] = [STOPS[Math.floor(at)]!, STOPS[Math.floor(at) + 1]!];
  const mixed = (shift: number) => {
    const [from, to] = [(a >> shift) & 255, (b >> shift) & 255];
    return Math.round(from + (to - from) * (at - Math.floor(at)));
  };
  return ((255 << 24) | (mixed(0) << 16) | (mixed(8) << 8) | mixed(16)) >>> 0;
}

/** The newest image of a plot's vector. */
export class Painting {
  private readonly canvas = document.createElement('canvas');
  private key: string | undefined;
  private picture: Picture | undefined;
  /** Lines of pixels that it was painted with. */
  private painted = 0;

  /** Of the colours; undefined without an image. */
  get limits(): [number, number] | undefined {
    return this.picture && [this.picture.low, this.picture.high];
  }

  /** Undefined leaves the image of a trace as it is. */
  take(key: string | undefined, picture: Picture | undefined): void {
    if (key !== this.key) this.picture = undefined;
    this.key = key;
    if (picture === undefined) return;
    this.picture = picture;
    this.painted = 0;
  }

  /** So many lines of pixels; where several of the image fall on one, the greatest is seen. */
  private paint({ columns, lines, cells }: Picture, height: number, isDownwards: boolean): void {
    this.painted = height;
    this.canvas.width = columns;
    this.canvas.height = height;
    const context = this.canvas.getContext('2d')!;
    const image = context.createImageData(columns, height);
    const seen = new Uint8Array(columns * height);
    for (let line = 0; line < lines; line++) {
      const up = Math.floor((line * height) / lines);
      const to = (isDownwards ? up : height - 1 - up) * columns;
      for (let c = 0; c < columns; c++) {
        const cell = cells[line * columns + c]!;
        if (cell > seen[to + c]!) seen[to + c] = cell;
      }
    }
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < pixels.length; i++) pixels[i] = PALETTE[seen[i]!]!;
    context.putImageData(image, 0, 0);
  }

  /** Between two heights, with the first element at the bottom, or downwards from the top. */
  draw(
    { ctx, bbox }: uPlot,
    xOf: (seconds: number) => number,
    bottom: number,
    top: number,
    isDownwards: boolean,
  ): void {
    const { picture } = this;
    if (picture === undefined) return;
    const height = Math.max(1, Math.min(picture.lines, Math.floor(Math.abs(bottom - top))));
    if (this.painted !== height) this.paint(picture, height, isDownwards);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.imageSmoothingEnabled = false;
    const left = xOf(picture.from);
    ctx.drawImage(this.canvas, left, top, xOf(picture.to) - left, bottom - top);
    ctx.restore();
  }
}

/** From the lower edge of the first element to the upper one of the last. */
export function extentOf({ start, delta, count }: Axis): [number, number] {
  const ends = [start - delta / 2, start + (count - 0.5) * delta];
  return [Math.min(...ends), Math.max(...ends)];
}

/** What stands at a place of the axis. */
export function elementLabel({ labels }: Axis, at: number): string {
  if (labels.length === 0) return String(Number(at.toPrecision(6)));
  return (Number.isInteger(at) && labels[at]?.slice(0, 10)) || '';
}
