// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { Place } from '../shared/messages';
import type { Clock } from './layout';

/** What all plots have in common. */
export interface Screen {
  from: number;
  to: number;
  referenceNs: bigint;
  clock: Clock;
  isDark: boolean;
  /** A and B: nanoseconds since 1970, those of a sample where there is one. */
  cursors: [bigint | undefined, bigint | undefined];
  /** Where they stand in an image. */
  places: [Place | undefined, Place | undefined];
  /** Axes that any plot has left and right, so that all have one width. */
  sides: [number, number];
}

/** Of seconds from the reference. */
export function nanosecondsAt(screen: Screen, x: number): bigint {
  return screen.referenceNs + BigInt(Math.round(x * 1e9));
}

export function secondsOf(screen: Screen, ns: bigint | undefined): number | undefined {
  return ns === undefined ? undefined : Number(ns - screen.referenceNs) / 1e9;
}
