// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// How fast the viewer draws, beside a plain page: node speed.mjs URL UI PREFIX [TRACES...].
// UI is the folder in which the viewer was built; the server publishes PREFIX/0, PREFIX/1 … at
// 10 kHz each. Chromium is asked through a pipe, with nothing of its network watched, which would
// slow it down.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [url, ui, prefix, ...counts] = process.argv.slice(2);
const WINDOW_S = 20;
const MEASURED_S = 8;
const RATE_HZ = 10_000;

/** Chromium, and the protocol of its developer tools over two pipes. */
class Browser {
  folder = mkdtempSync(path.join(os.tmpdir(), 'viewer-speed-'));
  answers = new Map();
  number = 0;
  rest = '';

  constructor() {
    this.process = spawn(
      'chromium',
      ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage', '--remote-debugging-pipe', '--window-size=1400,1000', `--user-data-dir=${this.folder}`, 'about:blank'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    this.process.stdio[4].on('data', (data) => {
      const messages = (this.rest + data).split('\0');
      this.rest = messages.pop();
      for (const text of messages) {
        const message = JSON.parse(text);
        this.answers.get(message.id)?.(message.result ?? message);
        this.answers.delete(message.id);
      }
    });
  }

  call(method, params = {}, sessionId = undefined) {
    const id = ++this.number;
    return new Promise((done) => {
      this.answers.set(id, done);
      this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + '\0');
    });
  }

  async open(address) {
    const { targetId } = await this.call('Target.createTarget', { url: address });
    const { sessionId } = await this.call('Target.attachToTarget', { targetId, flatten: true });
    const page = (method, params) => this.call(method, params, sessionId);
    await page('Emulation.setFocusEmulationEnabled', { enabled: true });
    await page('Performance.enable');
    return { page, close: () => this.call('Target.closeTarget', { targetId }) };
  }

  async close() {
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill();
    await ended;
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

const FRAMES = `new Promise((done) => {
  let frames = 0;
  const start = performance.now();
  const next = () => {
    frames++;
    const ms = performance.now() - start;
    if (ms > ${MEASURED_S * 1000}) done(frames / ms * 1000); else requestAnimationFrame(next);
  };
  next();
})`;

async function measure(browser, name, traces, address) {
  const { page, close } = await browser.open(address);
  await sleep((WINDOW_S + 3) * 1000);
  const metrics = async () =>
    Object.fromEntries((await page('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
  const before = await metrics();
  const answer = await page('Runtime.evaluate', { expression: FRAMES, awaitPromise: true, returnByValue: true });
  const after = await metrics();
  await close();
  const busy = (after.TaskDuration - before.TaskDuration) / (after.Timestamp - before.Timestamp);
  const fps = answer.result.value;
  console.log(
    `${name}: ${traces} traces, ${traces * RATE_HZ} samples/s: ${fps.toFixed(1)} frames/s,` +
      ` main thread ${(100 * busy).toFixed(0)} %, heap ${(after.JSHeapUsedSize / 1e6).toFixed(0)} MB`,
  );
}

const { build } = createRequire(path.resolve(ui, 'package.json'))('esbuild');
const plain = await build({
  absWorkingDir: path.resolve(ui),
  entryPoints: ['bench/plain.ts'],
  bundle: true,
  minify: true,
  write: false,
  alias: { 'daqstream-protocol': './protocol/src/index.ts' },
});
const server = http.createServer((request, response) => {
  const isScript = request.url === '/plain.js';
  response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
  response.end(isScript ? plain.outputFiles[0].text : '<!doctype html><body><script src="/plain.js"></script>');
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));

const browser = new Browser();
try {
  for (const traces of (counts.length > 0 ? counts : ['1', '5', '10', '50']).map(Number)) {
    const ids = Array.from({ length: traces }, (_, i) => `${prefix}/${i}`);
    const plots = [];
    for (let i = 0; i < traces; i += 10) plots.push(ids.slice(i, i + 10).join(','));
    await measure(browser, 'viewer', traces, `${url}#p=${plots.join(';')}&w=${WINDOW_S}`);
    const query = new URLSearchParams({ ids: ids.join(','), w: WINDOW_S, server: url.replace('http', 'ws') });
    await measure(browser, 'plain page', traces, `http://127.0.0.1:${server.address().port}/?${query}`);
  }
} finally {
  await browser.close();
  server.close();
}
