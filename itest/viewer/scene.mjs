// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// What SceneSource publishes, from the milliseconds since 1970; the formulas are those in its Java.

const BLOCK = 50;
export const LINES = 128;
export const LINE_HZ = 12.5;
export const SPIKE_EVERY_MS = 10_000;

const sine = (n, period) => Math.sin((2 * Math.PI * (n % period)) / period);

export const spike = (n) => (n % SPIKE_EVERY_MS === 0 ? 100 : (((n % 1000) * 7919) % 1000) / 1000);

export const magnitude = (n) => 50 + 20 * sine(n, 10_000);

/** Degrees from -180 to 180. */
export const phase = (n) => ((((n % 4000) / 4000) * 360 + 180) % 360) - 180;

export const temperature = (n) => 20 + (n % 60_000) / 10_000;

export const pressure = (n) => Math.fround(1013 + (n % 2000) / 1000);

export function valve(n) {
  const phase = n % 4000;
  const moves = phase % 2000 < 250;
  return { open: !moves && phase < 2000, moving: moves, closed: !moves && phase >= 2000, fault: n % 12_000 < 100 };
}

/** The line of the spectrum that has the wandering peak. */
export const wanderingLine = (n) => 64 + 40 * sine(n, 8000);

export function spectrumLine(n, k) {
  const middle = wanderingLine(n);
  const peak = Math.exp((-(k - middle) * (k - middle)) / 8);
  return peak + (k === 16 ? 0.5 : 0) + ((k * 31 + n / BLOCK) % 7) / 100;
}

export const isLogged = (n) => (n / BLOCK) % 10 === 0;

export const logText = (n) => `step ${Math.floor(n / BLOCK / 10)}: <b>valve</b> ${Math.floor(n / 2000) % 2 === 0}`;

/** Of a frame's block, whose stamp has n % 1000 ns more. */
export function frameText(n) {
  const data = Array.from({ length: 64 }, (_, i) => (i < 8 ? (n / BLOCK + i) % 256 : 0));
  return `ArbId ${0x100 + ((n / BLOCK) % 4)}, Length 8, Data [${data.join(' ')}]`;
}
