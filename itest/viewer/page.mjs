// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// What the scripts of this folder have in common: Chromium, its complaints, and what is read from a
// page.

import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

export const [url, screenshots] = [process.argv[2], process.argv[3]];
export const TIMEOUT_MS = 20_000;
/** What no page is to do: errors, dialogs, requests to elsewhere. */
export const complaints = [];

const executablePath = process.env.PATH.split(path.delimiter)
  .map((folder) => path.join(folder, 'chromium'))
  .find(existsSync);
export const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
mkdirSync(screenshots, { recursive: true });

export async function open(hash, { server = url, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  page.on('console', (message) => {
    // The browser itself tells of every try to reach a server that is away.
    if (message.type() === 'error' && !/WebSocket connection to|load resource: net::ERR_/.test(message.text())) {
      complaints.push('console: ' + message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push('exception: ' + error));
  page.on('dialog', (dialog) => {
    complaints.push('dialog: ' + dialog.message());
    dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(server) && !request.url().startsWith('blob:')) {
      complaints.push('request to ' + request.url());
    }
  });
  page.on('close', () => context.close().catch(() => {}));
  await page.goto(server + hash);
  return page;
}

export async function shot(page, name) {
  await page.screenshot({ path: path.join(screenshots, name + '.png') });
}

export async function until(page, what, condition, argument) {
  try {
    await page.waitForFunction(condition, argument, { timeout: TIMEOUT_MS });
  } catch (e) {
    await shot(page, 'failed');
    throw new Error(`${what}: ${e.message}\n${(await page.textContent('body')).slice(0, 5000)}`);
  }
}

export const cell = (key, column) => `tr[data-key="${key}"] td[data-column="${column}"]`;

/** To be called in the page. */
export const hasText = (selector) =>
  document.querySelector(selector) !== null && document.querySelector(selector).textContent !== '';

/** Nanoseconds since 1970 of a time as the page writes it. */
export function nanoseconds(time) {
  const [, date, clock, fraction] = /^(\S+) (\S+)\.(\d{9})$/.exec(time);
  return BigInt(Date.parse(date + 'T' + clock + 'Z')) * 1_000_000n + BigInt(fraction);
}

/** Value and time at the pointer. */
export async function pointed(page, key) {
  const [text, time] = await page.evaluate(
    (selector) => {
      const at = document.querySelector(selector);
      return [at.textContent, at.title];
    },
    cell(key, 'pointer'),
  );
  return { text, ns: nanoseconds(time) };
}

/** As `until`, for what only the script can find out; gives what it found. */
export async function found(page, what, finding, isRight) {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const now = await finding();
    if (isRight(now)) return now;
    if (Date.now() > deadline) {
      await shot(page, 'failed');
      throw new Error(`${what}: ${JSON.stringify(now)}`);
    }
    await page.waitForTimeout(50);
  }
}

/** Seconds from the left to the right of the plots. */
export async function inView(page) {
  const [, number, unit] = /in view ([\d.]+) (\S+)/.exec(await page.textContent('#history'));
  return number * { ns: 1e-9, µs: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600 }[unit];
}

/** Waits until so many seconds are in view; gives how many are. */
export async function untilInView(page, seconds, tolerance = 0) {
  return found(
    page,
    seconds + ' s in view',
    () => inView(page),
    (now) => Math.abs(now - seconds) <= tolerance,
  );
}

/** Waits until the pointer is at another sample than before, or at any; gives it. */
export async function untilPointed(page, key, before = '') {
  await until(
    page,
    'a sample at the pointer',
    ([selector, before]) => (document.querySelector(selector)?.title ?? '') !== before,
    [cell(key, 'pointer'), before],
  );
  return pointed(page, key);
}

/**
 * Does the steps one after the other, prints what was found, and fails if the page complained; all
 * of them, or those whose names hold a text.
 */
export async function run(steps, wanted) {
  try {
    for (const [what, step] of Object.entries(steps)) {
      if (wanted !== undefined && !what.includes(wanted)) continue;
      await step();
      console.log('ok: ' + what);
    }
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  } finally {
    await browser.close();
  }
}
