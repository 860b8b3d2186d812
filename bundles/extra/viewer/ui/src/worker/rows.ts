// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import { numbersOf, sampleText, type Block } from 'daqstream-protocol';

const SPARK = 60;

/** A row of the list, with the newest value of its signal. */
export interface Row {
  id: string;
  text: string;
  unit: string;
  type: string;
  spark: number[];
  isRefused: boolean;
  isFresh: boolean;
  leftAt: number;
}

export function newRow(id: string): Row {
  return { id, text: '', unit: '', type: '', spark: [], isRefused: false, isFresh: true, leftAt: 0 };
}

/** Shows the newest sample. */
export function takeLatest(row: Row, block: Block): void {
  const { description, data } = block;
  const size = description.sampleBytes || data.length;
  const sample = data.subarray(data.length - size);
  row.text = sampleText(sample, description, 80).slice(0, 160); // names of members may be long
  row.unit = description.unit.symbol;
  row.type = description.dataType;
  row.isFresh = true;
  const only = description.members[0];
  if (description.members.length === 1 && only!.elements === 1 && !/complex|128/.test(only!.type)) {
    const value = Number(numbersOf(sample, description, only!)[0]);
    row.spark.push(Number.isFinite(value) ? value : NaN);
    if (row.spark.length > SPARK) row.spark.shift();
  }
}
