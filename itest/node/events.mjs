// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// Checks explicit time against what is known from elsewhere: a CSV file that the server plays.
//   node events.mjs ws://host:port/ file.csv prefix
// The file has the header "t [ns],row,..." with whole numbers; it is played in a loop with
// absoluteTime = true under the given prefix. One client of each family, by its User-Agent, and
// one that asks for messages of several packets,
// subscribes to every column, and later another one of each. Every sample must have the time
// that stands in its row of the file, and none may be missing.

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { StreamingClient } from './client.mjs';

const JOINED = 'daqstream/joined';
const FAMILIES = ['daqstream/check', JOINED, 'Boost.Beast/345 stream-client', 'ws-streaming/3.0.2'];
const SAMPLES_AT_LEAST = 2_000;
const [url, file, prefix] = process.argv.slice(2);
const [head, ...lines] = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((l) => l.split(','));
const ids = head.slice(1).map((name) => `${prefix}/${basename(file)}/${name.replace(/ \[.*/, '')}`);
const stamps = lines.map(([t]) => BigInt(t));
let failures = 0;

function check(holds, what) {
  failures += holds ? 0 : 1;
  console.log(`${holds ? '  ok    ' : '  FAILED'} ${what}`);
}

async function connect(userAgent) {
  const client = new StreamingClient(url, () => {}, { 'User-Agent': userAgent });
  client.userAgent = userAgent;
  await client.until('signals', () => ids.every((id) => client.available.has(id)), 10_000);
  check(
    client.supported.delivery?.messageBytes > 0 === userAgent.startsWith('daqstream'),
    `${userAgent}: is told of delivery or not: ${JSON.stringify(client.supported)}`,
  );
  if (userAgent === JOINED) client.deliver(65_535, 1 << 20);
  await client.command('subscribe', ids);
  return client;
}

// Of so many that they are no arguments of a function.
const mostBytes = (events) => events.reduce((most, e) => Math.max(most, e.bytes), 0);

function verify(client) {
  for (const [column, id] of ids.entries()) {
    const samples = client.samples.get(id);
    let wrong = 0;
    let ties = 0;
    const at = (i) => Number(samples[i].row) % lines.length;
    for (let i = 0; i < samples.length; i++) {
      const right =
        samples[i].value === Number(lines[at(i)][column + 1]) &&
        samples[i].timeNs === stamps[at(i)] &&
        (i === 0 || samples[i].row === samples[i - 1].row + 1n);
      if (!right && wrong++ < 3) {
        console.log(`  row ${samples[i].row} of ${id}: ${samples[i].value} at ${samples[i].timeNs}`);
      }
      ties += i > 0 && samples[i].timeNs === samples[i - 1].timeNs ? 1 : 0;
    }
    check(
      wrong === 0,
      `${client.userAgent}, ${id}: ${samples.length} samples from row ` +
        `${samples[0].row}, ${ties} with the stamp of the one before, ${wrong} wrong`,
    );
  }
  if (client.userAgent === JOINED) {
    check(
      client.messages < client.events.length,
      `${JOINED}: ${client.events.length} packets in ${client.messages} messages`,
    );
    check(
      client.events.some((e) => e.method === 'mark'),
      `${JOINED}: is sent marks`,
    );
  } else if (client.userAgent.startsWith('ws-')) {
    const most = mostBytes(client.events.filter((e) => e.kind === 'data'));
    check(most <= 1_992, `${client.userAgent}: no packet of more than 1992 bytes of samples: ${most}`);
  } else if (client.userAgent.startsWith('Boost')) {
    const most = mostBytes(client.events.filter((e) => e.id.endsWith('/time') && e.kind === 'data'));
    check(most === 8, `${client.userAgent}: one stamp in a packet: ${most} bytes`);
  }
}

const enough = (client, count) =>
  client.until(`${count} samples`, () => ids.every((id) => (client.samples.get(id)?.length ?? 0) >= count), 30_000);

const clients = await Promise.all(FAMILIES.map(connect));
await Promise.all(clients.map((client) => enough(client, SAMPLES_AT_LEAST / 4)));
const late = await Promise.all(FAMILIES.map(connect));
await Promise.all([...clients, ...late].map((client) => enough(client, SAMPLES_AT_LEAST)));
for (const client of [...clients, ...late]) {
  verify(client);
  await client.close();
}
process.exitCode = failures === 0 ? 0 : 1;
console.log(`${failures} failed`);
