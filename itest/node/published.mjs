// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// Prints what a signal has, a line for each sample: domain value and value.
//   node published.mjs ws://host:port/ signalId samples

import { StreamingClient } from './client.mjs';

const [url, id, count] = process.argv.slice(2);
const client = new StreamingClient(url);
await client.until(`signal ${id}`, () => client.available.has(id), 20_000);
await client.command('subscribe', [id]);
const all = await client.until(
  `${count} samples`,
  () => client.samples.get(id)?.length > Number(count) && client.samples.get(id),
  20_000,
);
// The first one may be an older one that is kept.
const samples = all[1].row === all[0].row + 1n ? all : all.slice(1);
for (let i = 1; i < samples.length; i++) {
  if (samples[i].row !== samples[i - 1].row + 1n) {
    throw new Error(`row ${samples[i].row} follows ${samples[i - 1].row}`);
  }
}
for (const { tick, value } of samples) console.log(`${tick} ${value}`);
client.close();
