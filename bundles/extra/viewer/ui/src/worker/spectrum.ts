// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { SpectrumAsk } from '../shared/messages';

const MAX_SAMPLES = 1 << 20;

/** Coefficients of cosines; the windows are sums of them. */
const SHAPES: { [shape in SpectrumAsk['shape']]: number[] } = {
  rectangular: [1],
  Hann: [0.5, 0.5],
  'Blackman-Harris': [0.35875, 0.48829, 0.14128, 0.01168],
  'flat top': [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368],
};

export interface SpectrumResult {
  frequencies: Float64Array;
  amplitudes: Float64Array;
  text: string;
}

/**
 * Peak amplitudes over frequency: the root of the mean of the squares of so many pieces, each half
 * over the one before. Of the samples the newest are taken, in pieces of a power of two.
 */
export function spectrumOf(
  samples: Float64Array,
  rateHz: number,
  shape: SpectrumAsk['shape'],
  averages: number,
): SpectrumResult | undefined {
  const count = Math.min(samples.length, MAX_SAMPLES);
  const pieces = Math.max(1, Math.min(64, Math.floor(averages)));
  const size = 2 ** Math.floor(Math.log2((2 * count) / (pieces + 1)));
  if (size < 8 || !(rateHz > 0)) return undefined;
  const start = samples.length - (size * (pieces + 1)) / 2;
  const window = new Float64Array(size);
  let gain = 0;
  for (let i = 0; i < size; i++) {
    window[i] = SHAPES[shape].reduce(
      (sum, a, k) => sum + (k % 2 === 0 ? a : -a) * Math.cos((2 * Math.PI * k * i) / size),
      0,
    );
    gain += window[i]!;
  }
  const squares = new Float64Array(size / 2 + 1);
  for (let piece = 0; piece < pieces; piece++) {
    const re = new Float64Array(size);
    const im = new Float64Array(size);
    const from = Math.max(0, Math.floor(start + (piece * size) / 2));
    for (let i = 0; i < size; i++) re[i] = samples[from + i]! * window[i]!;
    transform(re, im);
    for (let k = 0; k < squares.length; k++) {
      const scale = (k === 0 || k === size / 2 ? 1 : 2) / gain;
      squares[k]! += ((re[k]! * re[k]! + im[k]! * im[k]!) * scale * scale) / pieces;
    }
  }
  return {
    frequencies: Float64Array.from(squares, (_, k) => (k * rateHz) / size),
    amplitudes: squares.map(Math.sqrt),
    text: `${size} samples, ${Number((rateHz / size).toPrecision(4))} Hz a line, ${shape}, ${pieces} averaged`,
  };
}

/** The Fourier transform in place; the length is a power of two. */
export function transform(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  const cos = Float64Array.from({ length: n / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / n));
  const sin = Float64Array.from({ length: n / 2 }, (_, k) => -Math.sin((2 * Math.PI * k) / n));
  for (let length = 2; length <= n; length <<= 1) {
    const half = length >> 1;
    const step = n / length;
    for (let i = 0; i < n; i += length) {
      for (let k = 0; k < half; k++) {
        const a = i + k;
        const b = a + half;
        const wr = cos[k * step]!;
        const wi = sin[k * step]!;
        const xr = re[b]! * wr - im[b]! * wi;
        const xi = re[b]! * wi + im[b]! * wr;
        re[b] = re[a]! - xr;
        im[b] = im[a]! - xi;
        re[a]! += xr;
        im[a]! += xi;
      }
    }
  }
}
