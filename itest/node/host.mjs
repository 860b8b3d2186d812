// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// What the operating system says, read again and again beside the stream.

import { readFileSync } from 'node:fs';
import net from 'node:net';
import { wallMs } from './client.mjs';

const PERIOD_MS = 20;

/** A sample may be taken half a period late; the reading beside it, too. */
export const JITTER_MS = 120;

const lines = (file) => readFileSync(file, 'utf8').split('\n');

function memory() {
  const bytes = (key) => {
    const line = lines('/proc/meminfo').find((text) => text.startsWith(`${key}:`));
    return Number(line.split(/\s+/)[1]) * 1024;
  };
  return { total: bytes('MemTotal'), available: bytes('MemAvailable') };
}

function loopback() {
  const line = lines('/proc/net/dev').find((text) => text.trim().startsWith('lo:'));
  const fields = line.trim().split(/[:\s]+/);
  return { received: Number(fields[1]), transmitted: Number(fields[9]) };
}

function cpu() {
  const [, ...ticks] = lines('/proc/stat')[0].split(/\s+/);
  const [user, nice, system, idle, iowait, irq, softirq, steal] = ticks.map(Number);
  const busy = user + nice + system + irq + softirq + steal;
  return { busy, total: busy + idle + iowait };
}

const load1min = () => Number(lines('/proc/loadavg')[0].split(' ')[0]);

/** Readings in the order of time. */
export class Host {
  readings = [];

  start() {
    this.#read();
    this.timer = setInterval(() => this.#read(), PERIOD_MS);
  }

  stop() {
    this.#read();
    clearInterval(this.timer);
  }

  #read() {
    const ms = wallMs();
    this.readings.push({ ms, memory: memory(), lo: loopback(), cpu: cpu(), load: load1min() });
  }

  /** The readings around a time. */
  around(ms) {
    return this.readings.filter((r) => Math.abs(r.ms - ms) <= JITTER_MS);
  }

  /** Bounds of a counter at a time: read shortly before and shortly after it. */
  bounds(ms, counter) {
    const before = this.readings.filter((r) => r.ms <= ms - JITTER_MS / 2).at(-1);
    const after = this.readings.find((r) => r.ms >= ms + JITTER_MS / 2);
    return before && after && { low: counter(before), high: counter(after) };
  }
}

/** Sends bytes through the loopback device so that there is something to measure. */
export class Traffic {
  async start() {
    this.server = net.createServer((socket) => socket.resume());
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.socket = net.connect(this.server.address().port, '127.0.0.1');
    const block = Buffer.alloc(64 * 1024);
    this.timer = setInterval(() => this.socket.write(block), 25);
  }

  stop() {
    clearInterval(this.timer);
    this.socket.destroy();
    this.server.close();
  }
}
