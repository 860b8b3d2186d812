// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// How fast the viewer draws, beside a plain page: node speed.mjs URL UI PREFIX [quick].
// UI is the folder in which the viewer was built; the server publishes PREFIX/0 to PREFIX/49 at
// 10 kHz each. Chromium is asked through a pipe, with nothing of its network watched, which would
// slow it down.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [url, ui, prefix, quick] = process.argv.slice(2);
const WINDOW_S = 20;
const MEASURED_S = quick ? 3 : 8;
const RATE_HZ = 10_000;
const TRACES = 50;
/** All plots of the page are in view. */
const SIZE = '1400,2000';
const LEAST_FRAMES = 30;
const SCREEN_FRAMES = 55;
const TIMES_OPENED = quick ? 1 : 5;

/** Chromium, and the protocol of its developer tools over two pipes. */
class Browser {
  folder = mkdtempSync(path.join(os.tmpdir(), 'viewer-speed-'));
  answers = new Map();
  number = 0;
  rest = '';

  constructor() {
    this.process = spawn(
      'chromium',
      [
        '--headless=new',
        '--no-sandbox',
        '--disable-dev-shm-usage',
        '--remote-debugging-pipe',
        `--window-size=${SIZE}`,
        `--user-data-dir=${this.folder}`,
        'about:blank',
      ],
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

  async open(address, hasFocus = true) {
    const { targetId } = await this.call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await this.call('Target.attachToTarget', { targetId, flatten: true });
    const page = (method, params) => this.call(method, params, sessionId);
    if (hasFocus) await page('Emulation.setFocusEmulationEnabled', { enabled: true });
    await page('Performance.enable');
    await page('Page.navigate', { url: address });
    const evaluate = async (expression) => {
      const { result } = await page('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      return result?.value;
    };
    return { page, evaluate, close: () => this.call('Target.closeTarget', { targetId }) };
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

const FIRST_VALUE = `new Promise((done) => {
  const look = () => {
    const cell = document.querySelector('#stack td[data-column="now"]');
    if (cell?.textContent) done(performance.now()); else requestAnimationFrame(look);
  };
  look();
})`;

async function measure(browser, name, traces, address) {
  const { page, evaluate, close } = await browser.open(address);
  await sleep((WINDOW_S + 3) * 1000);
  const metrics = async () =>
    Object.fromEntries((await page('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
  const before = await metrics();
  const fps = await evaluate(FRAMES);
  const after = await metrics();
  await close();
  const busy = (after.TaskDuration - before.TaskDuration) / (after.Timestamp - before.Timestamp);
  const columns = [
    name.padEnd(10),
    String(traces).padStart(6),
    String(traces * RATE_HZ).padStart(10),
    fps.toFixed(1).padStart(9),
    (100 * busy).toFixed(0).padStart(6) + ' %',
    (after.JSHeapUsedSize / 1e6).toFixed(0).padStart(6),
    os.loadavg()[0].toFixed(1).padStart(6),
  ];
  console.log(columns.join('  '));
  return { traces, fps, busy };
}

/** Built from the sources of the page. */
async function bundled(entry, format) {
  const { build } = createRequire(path.resolve(ui, 'package.json'))('esbuild');
  const result = await build({
    absWorkingDir: path.resolve(ui),
    entryPoints: [entry],
    bundle: true,
    format,
    minify: true,
    write: false,
    alias: { 'daqstream-protocol': './protocol/src/index.ts' },
  });
  return result.outputFiles[0].text;
}

function viewerAddress(ids) {
  const plots = [];
  for (let i = 0; i < ids.length; i += 10) plots.push(ids.slice(i, i + 10).join(','));
  return `${url}#p=${plots.join(';')}&w=${WINDOW_S}&l=0`;
}

async function compare(browser, plainUrl) {
  console.log(
    `\nViewer: curves of ${RATE_HZ / 1000} kHz, ${WINDOW_S} s in view, all of them on the screen; plain: every sample drawn by uPlot, without worker and envelope`,
  );
  console.log('page        traces   samples/s  frames/s    main  heap MB    load');
  const ids = (traces) => Array.from({ length: traces }, (_, i) => `${prefix}/${i}`);
  const plain = [];
  let viewer;
  for (const traces of quick ? [5, 10, TRACES] : [2, 5, 10, TRACES]) {
    viewer = await measure(browser, 'viewer', traces, viewerAddress(ids(traces)));
    if (traces === TRACES && quick) break;
    const query = new URLSearchParams({ ids: ids(traces).join(','), w: WINDOW_S, server: url.replace('http', 'ws') });
    plain.push(await measure(browser, 'plain', traces, `${plainUrl}?${query}`));
  }
  // Above it both may wait for the screen.
  const rate = Math.min(viewer.fps, SCREEN_FRAMES);
  const [same, least] = [tracesAt(plain, rate), tracesAt(plain, LEAST_FRAMES)];
  if (same === undefined) {
    console.log(`the plain page is on one side of ${rate.toFixed(0)} frames/s with all of these: nothing to compare`);
    return;
  }
  console.log(
    `at ${rate.toFixed(0)} frames/s the plain page draws ${Math.round(same * RATE_HZ)} samples/s, ` +
      `the viewer at ${viewer.fps.toFixed(0)} at least ${viewer.traces * RATE_HZ}: ${(viewer.traces / same).toFixed(1)} times as many` +
      (least === undefined ? '' : `; at ${LEAST_FRAMES} the plain page draws ${Math.round(least * RATE_HZ)}`),
  );
}

/** Between two measurements the time that a frame takes is straight in what it draws. */
function tracesAt(measured, fps) {
  const fast = measured.filter((each) => each.fps >= fps).at(-1);
  const slow = measured.find((each) => each.fps < fps);
  if (fast === undefined || slow === undefined) return undefined;
  const part = (1 / fps - 1 / fast.fps) / (1 / slow.fps - 1 / fast.fps);
  return fast.traces + part * (slow.traces - fast.traces);
}

async function firstValue(browser) {
  const times = [];
  for (let i = 0; i < TIMES_OPENED; i++) {
    const { evaluate, close } = await browser.open(viewerAddress([`${prefix}/0`]));
    await sleep(50);
    times.push(await evaluate(FIRST_VALUE));
    await close();
  }
  console.log(
    `first value on the screen after the page was opened: ${times.map((ms) => Math.round(ms) + ' ms').join(', ')}`,
  );
}

async function hidden(browser) {
  const sent = async () => {
    const text = await (await fetch(new URL('/metrics', url))).text();
    return Number(/^daqstream_server_sent_bytes_total\S* (\S+)/m.exec(text)[1]);
  };
  for (const [name, hasFocus] of [
    ['in view', true],
    ['hidden', false],
  ]) {
    const { evaluate, close } = await browser.open(viewerAddress([`${prefix}/0`]), hasFocus);
    // A tab in front of it hides it.
    const other = hasFocus ? undefined : await browser.open('about:blank');
    await sleep(3000);
    const before = await sent();
    const seconds = quick ? 3 : 10;
    await sleep(seconds * 1000);
    const rate = ((await sent()) - before) / seconds;
    console.log(
      `one trace, ${name} (the browser says "${await evaluate('document.visibilityState')}"): ${Math.round(rate)} bytes/s from the server`,
    );
    await other?.close();
    await close();
  }
}

async function history() {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'viewer-history-')), 'history.mjs');
  writeFileSync(file, await bundled('bench/history.ts', 'esm'));
  const { bytes, hours } = JSON.parse(execFileSync('node', ['--expose-gc', file], { encoding: 'utf8' }));
  rmSync(path.dirname(file), { recursive: true });
  console.log(`history of 20 signals at 10 Hz over ${hours.toFixed(1)} h: ${(bytes / 1e6).toFixed(0)} MB`);
}

const plain = await bundled('bench/plain.ts', 'iife');
const server = http.createServer((request, response) => {
  const isScript = request.url === '/plain.js';
  response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
  response.end(isScript ? plain : '<!doctype html><body><script src="/plain.js"></script>');
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));

const browser = new Browser();
try {
  await compare(browser, `http://127.0.0.1:${server.address().port}/`);
  await firstValue(browser);
  await hidden(browser);
  await history();
} finally {
  await browser.close();
  server.close();
}
