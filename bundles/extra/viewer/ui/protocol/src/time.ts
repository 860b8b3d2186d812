// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { Description } from './description.js';

const NS = 1_000_000_000n;

/** Nanoseconds since 1970 of a tick, or since where the domain begins; below them is cut off. */
export function nanoseconds(domain: Description, tick: bigint): bigint {
  const { num, denom } = domain.resolution;
  return (domain.originNs ?? 0n) + floorDivide(tick * num * NS, denom);
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

/** A date with nine digits behind the second; the clock may be local. */
export function dateTime(ns: bigint, isLocal: boolean, withDate = true, digits = 9): string {
  const seconds = floorDivide(ns, NS);
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return ns + ' ns';
  const two = (n: number) => String(n).padStart(2, '0');
  const day = isLocal
    ? date.getFullYear() + '-' + two(date.getMonth() + 1) + '-' + two(date.getDate())
    : date.toISOString().replace(/T.*/, '');
  const clock = isLocal
    ? two(date.getHours()) + ':' + two(date.getMinutes()) + ':' + two(date.getSeconds())
    : date.toISOString().replace(/.*T/, '').slice(0, 8);
  const fraction = String(ns - seconds * NS)
    .padStart(9, '0')
    .slice(0, digits);
  return (withDate ? day + ' ' : '') + clock + (digits > 0 ? '.' + fraction : '');
}

/** A number of seconds, exact, without trailing zeros. */
export function duration(ns: bigint): string {
  return ratio(ns, NS) + ' s';
}

/** A fraction in decimals; exact if the denominator is made of twos and fives, else 12 digits. */
export function ratio(num: bigint, denom: bigint): string {
  const sign = num < 0n !== denom < 0n && num !== 0n ? '-' : '';
  const a = num < 0n ? -num : num;
  const b = denom < 0n ? -denom : denom;
  let rest = a % b;
  let digits = '';
  for (let i = 0; i < 12 && rest !== 0n; i++) {
    rest *= 10n;
    digits += rest / b;
    rest %= b;
  }
  digits = digits.replace(/0+$/, '');
  return sign + a / b + (digits === '' ? '' : '.' + digits);
}
