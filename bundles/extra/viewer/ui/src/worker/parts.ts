// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { Description, Member, Numbers } from 'daqstream-protocol';

/** Between the id of a signal and the part of a sample. */
export const PART = '#';
const MAX_PARTS = 256;

/** Which numbers of a sample are drawn: one of a member, or what is made of it. */
export interface Picked {
  member: Member;
  element: number;
  /** Of complex numbers. */
  form: 'value' | 'magnitude' | 'phase' | 'bit';
  bit: number;
  bitName: string;
}

/** A signal, and a part of its samples; '#' may be in the id of a signal too. */
export function partsOfKey(key: string, isListed: (id: string) => boolean): [signalId: string, part: string] {
  const at = key.lastIndexOf(PART);
  const hasPart = at > 0 && !isListed(key) && isListed(key.slice(0, at));
  return hasPart ? [key.slice(0, at), key.slice(at + 1)] : [key, ''];
}

/** What of a sample can be drawn; empty if it is one number. */
export function partsOf(description: Description): string[] {
  const parts: string[] = [];
  for (const member of description.members) {
    if (member.type.endsWith('int128')) continue;
    for (const bit of member.elements === 1 ? member.bits : []) parts.push(member.name + ':' + bit.index);
    for (let i = 0; i < member.elements && parts.length < MAX_PARTS; i++) {
      const element = member.elements > 1 ? '[' + i + ']' : '';
      if (member.type.startsWith('complex')) {
        parts.push(member.name + element + '|z|', member.name + element + '∠z');
      } else {
        parts.push(member.name + element);
      }
    }
  }
  return parts.length === 1 && parts[0] === '' ? [] : parts.filter((part) => part !== '');
}

/** What a part of that name is; undefined if there is none. */
export function choosePart(description: Description, part: string): Picked | undefined {
  for (const member of description.members) {
    if (member.type.endsWith('int128')) continue;
    for (const bit of member.elements === 1 ? member.bits : []) {
      if (part === member.name + ':' + bit.index) {
        return { member, element: 0, form: 'bit', bit: bit.index, bitName: bit.name };
      }
    }
    const plain = { bit: 0, bitName: '' };
    for (let i = 0; i < member.elements; i++) {
      const name = member.name + (member.elements > 1 ? '[' + i + ']' : '');
      if (member.type.startsWith('complex')) {
        if (part === name + '|z|') return { member, element: i, form: 'magnitude', ...plain };
        if (part === name + '∠z') return { member, element: i, form: 'phase', ...plain };
      } else if (part === name) {
        return { member, element: i, form: 'value', ...plain };
      }
    }
  }
  return undefined;
}

/** The value of a sample, counted from the first one. */
export function pick(numbers: Numbers, sample: number, picked: Picked, description: Description): number | bigint {
  const { member, element, form } = picked;
  const at = sample * member.elements + element;
  if (form === 'value') {
    const value = numbers[at]!;
    const scaling = description.scaling;
    return scaling === undefined ? value : Number(value) * scaling.scale + scaling.offset;
  }
  if (form === 'bit') return Number((BigInt(numbers[at]!) >> BigInt(picked.bit)) & 1n);
  const re = Number(numbers[2 * at]);
  const im = Number(numbers[2 * at + 1]);
  return form === 'magnitude' ? Math.hypot(re, im) : (Math.atan2(im, re) * 180) / Math.PI;
}
