// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// Checks a running streaming server:  node check.mjs [ws://host:port/] [signal id ...]
// Without signal ids it takes those of the host source if they are offered, else the first
// four. On the server's own (Linux) machine it compares values with the operating system.
// Prints a transcript; the exit code is 0 when every check holds, else 1.

import os from 'node:os';
import { performance } from 'node:perf_hooks';
import { StreamingClient, wallMs } from './client.mjs';
import { Host, Traffic } from './host.mjs';

const SAMPLES = 30;
const USUAL_AGE_MS = 500;
const MAX_AGE_MS = 2_000;
const SILENCE_MS = 1_000;
const BY_HTTP = ['host/memory/used', 'host/load/1min', 'host/cpu/load'];
const IN_BAND = ['host/memory/available', 'host/network/lo/received'];

const url = process.argv[2] ?? 'ws://127.0.0.1:7414/';
const wanted = process.argv.slice(3);
let failures = 0;
let checks = 0;

const stamp = () => (performance.now() / 1000).toFixed(3).padStart(8);
const say = (text) => console.log(`${stamp()}  ${text}`);
const text = (value) => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? Number(v) : v));

function check(holds, what) {
  checks++;
  failures += holds ? 0 : 1;
  say(`${holds ? '  ok    ' : '  FAILED'} ${what}`);
}

const shown = new Map();

function show(event) {
  const from = event.signo === 0 ? 'stream' : `#${event.signo} ${event.id}`;
  if (event.kind === 'metadata') {
    const params = text(event.params) ?? '';
    say(`<- ${from}: ${event.method} ${params.length > 400 ? params.slice(0, 400) + '…' : params}`);
    return;
  }
  const count = (shown.get(event.id) ?? 0) + 1;
  shown.set(event.id, count);
  if (count <= 2) setImmediate(() => say(`<- ${from}: ${describe(event)}`));
}

function describe({ row, tick, first, count, bytes }) {
  if (row !== undefined) return `row ${row} is tick ${tick}`;
  return first ? `${count} sample(s) from row ${first.row}, ${iso(first.timeNs)}: ${first.value}` : `${bytes} bytes`;
}

const iso = (ns) =>
  new Date(Number(ns / 1_000_000n)).toISOString().replace('Z', '') + String(ns % 1_000_000n).padStart(6, '0') + 'Z';

const msOf = (sample) => Number(sample.timeNs / 1000n) / 1000;

async function greeting(client) {
  await client.until('greeting', () => client.events.length >= 3 && client.commandInterfaces);
  const methods = client.events.slice(0, 3).map((e) => e.method);
  check(methods.join() === 'apiVersion,init,available', `greeting in order: ${methods}`);
  const { version } = client.events[0].params;
  check(/^\d+\.\d+\.\d+$/.test(version), `version has three numbers: ${version}`);
  check(/^[^.]+$/.test(client.streamId), `stream id without dots: ${client.streamId}`);
  const byHttp = client.commandInterfaces['jsonrpc-http'] ?? {};
  const keys = ['httpMethod', 'httpPath', 'httpVersion', 'port'];
  check(
    keys.every((k) => typeof byHttp[k] === 'string'),
    'HTTP interface: four strings',
  );
  check(client.commandInterfaces.jsonrpc?.httpMethod === '', 'in-band interface is offered');
}

async function choose(client) {
  if (wanted.length > 0) return [0, 1].map((rest) => wanted.filter((_, i) => i % 2 === rest));
  const host = [...BY_HTTP, ...IN_BAND];
  try {
    await client.until('host signals', () => host.every((id) => client.available.has(id)), 3_000);
    return [BY_HTTP, IN_BAND];
  } catch {
    const some = [...client.available].slice(0, 4);
    return [some.slice(0, 2), some.slice(2)];
  }
}

async function subscribe(client, byHttp, inBand) {
  if (byHttp.length > 0) {
    say(`-> HTTP subscribe ${text(byHttp)}`);
    const answer = await client.post('subscribe', byHttp);
    check(answer.status === 200 && answer.body === 'Succeeded', `HTTP answers ${answer.status} '${answer.body}'`);
  }
  if (inBand.length > 0) {
    say(`-> in-band subscribe ${text(inBand)}`);
    const answer = await client.command('subscribe', inBand);
    check(text(answer.result) === text(inBand.map(() => true)), `result ${text(answer.result)}`);
    check(
      inBand.every((id) => client.signals.has(id)),
      'acknowledged before the response',
    );
  }
  const ids = [...byHttp, ...inBand];
  await client.until('metadata', () => ids.every((id) => client.signals.get(id)?.definition));
  for (const id of ids) acknowledgement(client, id);
}

function acknowledgement(client, id) {
  const index = (signal, method) => client.events.findIndex((e) => e.id === signal && e.method === method);
  const { tableId, definition } = client.signals.get(id);
  const domain = client.signals.get(tableId);
  check(domain?.definition !== undefined, `${id}: its domain ${tableId} came with it`);
  const order =
    tableId === id
      ? [index(id, 'subscribe'), index(id, 'signal')]
      : [index(tableId, 'subscribe'), index(tableId, 'signal'), index(id, 'subscribe'), index(id, 'signal')];
  check(
    order[0] >= 0 && order.every((at, i) => i === 0 || at > order[i - 1]),
    `${id}: acknowledged in order, domain first`,
  );
  check(
    typeof definition.dataType === 'string',
    `${id}: type ${definition.dataType}, unit ` +
      `${definition.unit?.displayName ?? 'none'}, first row ${client.signals.get(id).valueIndex}`,
  );
}

async function twice(client, id) {
  const before = client.events.filter((e) => e.method === 'subscribe').length;
  const { status } = await client.post('subscribe', [id]);
  const after = client.events.filter((e) => e.method === 'subscribe').length;
  check(status === 200 && before === after, `a second subscribe of ${id} changes nothing`);
}

async function unknown(client) {
  const { status, body } = await client.post('subscribe', ['no/such/signal']);
  check(status === 400 && body.includes('no/such/signal'), `unknown id by HTTP: ${status} '${body.trim()}'`);
  const answer = await client.command('subscribe', ['no/such/signal']);
  check(text(answer.result) === '[false]', `unknown id in-band: ${text(answer.result ?? answer.error)}`);
}

/**
 * Rows without a hole, times on the line of the domain and near the clock of this machine. A busy
 * machine may hand over a sample late, so that the oldest says little about its time.
 */
function rowsAndTimes(client, id) {
  const rows = client.samples.get(id);
  const signal = client.signals.get(id);
  const { deltaTicks } = client.signals.get(signal.tableId);
  check(rows[0].row >= BigInt(signal.valueIndex ?? 0), `${id}: starts at its valueIndex`);
  let holes = 0;
  let bent = 0;
  let jumps = 0;
  for (let i = 1; i < rows.length; i++) {
    const step = rows[i].tick - rows[i - 1].tick;
    holes += rows[i].row === rows[i - 1].row + 1n ? 0 : 1;
    if (deltaTicks && step !== deltaTicks) {
      jumps++;
      bent += step > 0n && step % deltaTicks === 0n ? 0 : 1;
    } else if (step <= 0n) {
      bent++;
    }
  }
  check(holes === 0, `${id}: rows ${rows[0].row} to ${rows.at(-1).row} without a hole`);
  check(
    bent === 0,
    deltaTicks
      ? `${id}: exactly ${deltaTicks} ticks from row to row` +
          (jumps ? `, ${jumps} announced jump(s) by whole rows` : '')
      : `${id}: times ascend`,
  );
  const ages = rows.map((s) => s.receivedMs - msOf(s)).sort((a, b) => a - b);
  const [youngest, median, oldest] = [ages[0], ages[ages.length >> 1], ages.at(-1)];
  check(
    youngest >= -USUAL_AGE_MS && median <= USUAL_AGE_MS && oldest <= MAX_AGE_MS,
    `${id}: received ${youngest.toFixed(1)} to ${oldest.toFixed(1)} ms after the sample time, ` +
      `median ${median.toFixed(1)}`,
  );
}

const near = (value, values, tolerance) =>
  value >= Math.min(...values) - tolerance && value <= Math.max(...values) + tolerance;

/** How many samples agree with the readings around them; all must. */
function agree(what, samples, holds) {
  const off = samples.filter((s) => !holds(s));
  const example = samples.at(-1);
  check(
    samples.length > 0 && off.length === 0,
    `${what}: ${samples.length - off.length} of ` +
      `${samples.length} agree, e.g. ${example?.value} at ${example && iso(example.timeNs)}` +
      (off.length ? `; not ${off[0].value} at ${iso(off[0].timeNs)}` : ''),
  );
}

function values(client, host) {
  const of = (id) => client.samples.get(id) ?? [];
  const covered = (id) => of(id).filter((s) => host.around(msOf(s)).length > 2);
  const { total } = host.readings[0].memory;
  agree('memory used as in /proc/meminfo, within 1 %', covered('host/memory/used'), (s) =>
    near(
      s.value,
      host.around(msOf(s)).map((r) => r.memory.total - r.memory.available),
      total / 100,
    ),
  );
  const used = new Map(of('host/memory/used').map((s) => [s.row, s.value]));
  const both = of('host/memory/available').filter((s) => used.has(s.row));
  agree('used + available = MemTotal to the byte, row by row', both, (s) => s.value + used.get(s.row) === total);
  agree('load average as in /proc/loadavg', covered('host/load/1min'), (s) =>
    host.around(msOf(s)).some((r) => r.load === s.value),
  );
  loadOfCpu(covered('host/cpu/load'), host);
  bytesOfLoopback(covered('host/network/lo/received'), host);
}

function loadOfCpu(samples, host) {
  const mean = samples.reduce((sum, s) => sum + s.value, 0) / samples.length;
  const [first, last] = [host.around(msOf(samples[0]))[0], host.around(msOf(samples.at(-1))).at(-1)];
  const busy = (100 * (last.cpu.busy - first.cpu.busy)) / (last.cpu.total - first.cpu.total);
  check(Math.abs(mean - busy) <= 10, `CPU load: mean ${mean.toFixed(1)} %, /proc/stat says ${busy.toFixed(1)} %`);
}

/** The rates, added up, are the bytes that the counter counted. */
function bytesOfLoopback(received, host) {
  const bounds = (sample) => host.bounds(msOf(sample), (r) => r.lo.received);
  const samples = received.filter(bounds);
  const [start, end] = [bounds(samples[0]), bounds(samples.at(-1))];
  let sum = 0;
  for (let i = 1; i < samples.length; i++) {
    sum += (samples[i].value * Number(samples[i].timeNs - samples[i - 1].timeNs)) / 1e9;
  }
  const [low, high] = [0.9 * (end.low - start.high), 1.1 * (end.high - start.low)];
  check(
    sum >= low && sum <= high,
    `loopback: ${samples.length} rates add up to ${Math.round(sum)} bytes, ` +
      `/proc/net/dev says ${end.low - start.high} to ${end.high - start.low}`,
  );
}

const isValue = (client, id) => client.signals.get(id).tableId !== id;

/** A domain that another signal still needs is acknowledged when that one goes. */
async function unsubscribe(client, byHttp, inBand) {
  const acked = (id) => client.events.findLast((e) => e.id === id && e.method === 'unsubscribe');
  const allAcked = (ids) => ids.filter((id) => isValue(client, id)).every(acked);
  if (byHttp.length > 0) {
    say(`-> HTTP unsubscribe ${text(byHttp)}`);
    const { status } = await client.post('unsubscribe', byHttp);
    await client.until('acknowledgement', () => allAcked(byHttp));
    check(status === 200, `HTTP answers ${status}, all acknowledged`);
  }
  if (inBand.length > 0) {
    const rest = inBand.filter((id) => isValue(client, id));
    const counts = rest.map((id) => client.samples.get(id).length);
    await client.until('more data of the others', () =>
      rest.every((id, i) => client.samples.get(id).length > counts[i] + 2),
    );
    check(true, `${rest.join(', ')} goes on`);
    say(`-> in-band unsubscribe ${text(inBand)}`);
    const answer = await client.command('unsubscribe', inBand);
    check(text(answer.result) === text(inBand.map(() => true)), `result ${text(answer.result)}`);
    check(allAcked(inBand), 'acknowledged before the response');
  }
  const ids = [...byHttp, ...inBand];
  const domains = [...new Set(ids.map((id) => client.signals.get(id).tableId))];
  await client.until('acknowledgement of the domain', () => domains.every(acked));
  await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
  for (const id of new Set([...ids, ...domains])) {
    const { signo, index } = acked(id);
    const later = client.events.filter((e) => e.signo === signo && e.index > index);
    check(later.length === 0, `${id}: silent for ${SILENCE_MS} ms after the acknowledgement`);
  }
}

const isLoopback = (host) => ['127.0.0.1', 'localhost', '[::1]'].includes(host);

async function main() {
  say(`-> connect ${url}, node ${process.version} on ${os.type()}`);
  const client = new StreamingClient(url, show);
  await greeting(client);
  const [byHttp, inBand] = await choose(client);
  const ids = [...byHttp, ...inBand];
  if (ids.length === 0) throw new Error('the server offers no signal');
  const compares = ids.includes(IN_BAND[1]) && isLoopback(client.url.hostname) && os.type() === 'Linux';
  const host = new Host();
  const traffic = new Traffic();
  if (compares) {
    host.start();
    await traffic.start();
  }
  await subscribe(client, byHttp, inBand);
  await twice(client, ids[0]);
  await unknown(client);
  const sampled = ids.filter((id) => isValue(client, id));
  await client.until(
    `${SAMPLES} samples of each`,
    () => sampled.every((id) => (client.samples.get(id)?.length ?? 0) >= SAMPLES),
    30_000,
  );
  const untilMs = wallMs() + 300;
  await client.until('some more', () => wallMs() > untilMs);
  sampled.forEach((id) => rowsAndTimes(client, id));
  if (compares) {
    traffic.stop();
    host.stop();
    values(client, host);
  } else {
    say('        values are not compared: not the host signals, or not this machine');
  }
  await unsubscribe(client, byHttp, inBand);
  const { code } = await client.close();
  check(code === 1000, `closed with code ${code}`);
  check(client.errors.length === 0, `no protocol error ${client.errors.map((e) => e.message)}`);
}

const deadline = setTimeout(() => {
  say('FAILED: not finished within 60 s');
  process.exit(1);
}, 60_000);

try {
  await main();
} catch (error) {
  failures++;
  say(`FAILED: ${error.message}`);
}
clearTimeout(deadline);
say(`${checks} checks, ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);
