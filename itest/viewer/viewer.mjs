// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// Looks at the viewer of a running server with Chromium: node viewer.mjs URL SCREENSHOTS CSV [STEP].
// What the page says is compared with the file that the server plays. When it prints KILL the
// server is to be killed, and to be started again when it prints START; at REMOVE and BACK the
// source gone/… is to go and to come; at SWAP the bundle that writes numbers is to be replaced.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { access } from './access.mjs';
import { kinds } from './kinds.mjs';
import { views } from './views.mjs';
import { spike } from './scene.mjs';
import { cell, found, hasText, inView, nanoseconds, open, pointed, run, shot, until, url } from './page.mjs';

const [csv, step] = process.argv.slice(4);

const steps = {
  async 'the first signal is drawn soon'() {
    const page = await open('#p=host/cpu/load');
    await until(page, 'a value of the first signal', hasText, cell('host/cpu/load', 'now'));
    const ms = await page.evaluate(() => performance.now());
    console.log(`first value ${Math.round(ms)} ms after the page was opened`);
    await page.close();
  },

  async 'values and times at the pointer are those of the file'() {
    const known = new Map(
      readFileSync(csv, 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => {
          const [ns, value] = line.split(',');
          return [ns, String(Number(value))];
        }),
    );
    const page = await open('#p=rec/exact.csv/v&w=5');
    const key = 'rec/exact.csv/v';
    await until(page, 'samples of the file', hasText, cell(key, 'now'));
    await page.waitForTimeout(4000);
    await page.keyboard.press(' ');
    const box = await page.locator('.u-over').boundingBox();
    const seen = new Set();
    for (let i = 0; i < 40; i++) {
      await page.mouse.move(box.x + box.width * (0.3 + i * 0.015), box.y + 40);
      await page.waitForTimeout(150);
      const { text, ns } = await pointed(page, key);
      assert.equal(text, known.get(String(ns)) + ' V', `at ${ns}`);
      seen.add(ns);
    }
    assert.ok(seen.size >= 10, `only ${seen.size} samples were seen`);
    console.log(`${seen.size} samples are those of the file, to the last digit and nanosecond`);
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
    await page.waitForTimeout(300);
    await page.keyboard.press('a');
    await page.mouse.move(box.x + box.width * 0.7, box.y + 40);
    await page.waitForTimeout(300);
    await page.keyboard.press('b');
    await until(page, 'the time between the cursors', () =>
      /Δt = [\d.]+ s/.test(document.getElementById('history').textContent),
    );
    for (const c of ['A', 'B']) {
      await until(page, 'the time of ' + c, (at) => document.querySelector(at).title !== '', cell(key, c));
    }
    const times = await Promise.all(['A', 'B'].map((c) => page.getAttribute(cell(key, c), 'title')));
    const fractions = times.map(nanoseconds);
    const told = /Δt = (\d+)\.?(\d*) s/.exec(await page.textContent('#history'));
    assert.equal(BigInt(told[1]) * 1_000_000_000n + BigInt(told[2].padEnd(9, '0')), fractions[1] - fractions[0]);
    await shot(page, 'cursors');
    await page.close();
  },

  async 'a counter of 64 bits has all its digits in list and plot'() {
    const page = await open('#p=count/0');
    await until(page, 'the counter', hasText, cell('count/0', 'now'));
    const [before, row, after] = await page.evaluate(
      async (selector) => {
        const now = () => BigInt(document.querySelector(selector).textContent);
        const before = now();
        await new Promise((done) => setTimeout(done, 1500));
        const name = [...document.querySelectorAll('.row')].find((each) => each.title === 'count/0');
        return [before, name.querySelector('.value').textContent, now()].map(String);
      },
      cell('count/0', 'now'),
    );
    assert.ok(BigInt(before) < BigInt(row), `${before} then ${row}`);
    assert.ok(BigInt(after) > BigInt(before));
    await page.close();
  },

  async 'names are text'() {
    const page = await open('');
    await until(page, 'signals', () => /signals/.test(document.getElementById('count').textContent));
    await page.fill('#search', 'rec/names');
    await until(page, 'the signals with names', () => document.querySelectorAll('.row').length === 4);
    await until(page, 'values of all four', () =>
      [...document.querySelectorAll('.row .value')].every((each) => each.textContent !== ''),
    );
    const rows = page.locator('.row');
    for (let i = 0; i < (await rows.count()); i++) await rows.nth(i).click();
    await until(page, 'values in the plots', () => {
      const values = [...document.querySelectorAll('.plot tbody td[data-column="now"]')];
      return values.length === 3 && values.every((each) => each.textContent !== '');
    });
    assert.equal(await page.locator('.plot tbody tr').count(), 3);
    assert.equal(await page.locator('#list img, #list script, .plot img, .plot script').count(), 0);
    await shot(page, 'names');
    await page.reload();
    await until(page, 'the plots of the link', () => document.querySelectorAll('.plot tbody tr').length === 3);
    await page.close();
  },

  async 'of thousands of signals only those in view are there'() {
    const page = await open('');
    await until(page, 'all signals', () => parseInt(document.getElementById('count').textContent) > 5000);
    assert.ok((await page.locator('.row').count()) < 60);
    await shot(page, 'start');
    await page.evaluate(() => (document.getElementById('list').scrollTop = 30_000));
    await until(
      page,
      'values of rows far below',
      () => [...document.querySelectorAll('.row .value')].filter((each) => each.textContent !== '').length > 10,
    );
    await page.close();
  },

  async 'samples of every kind are shown'() {
    const page = await open('#p=even/bitField;even/complex64;even/can&w=0.1');
    await page.fill('#search', 'even/');
    await until(page, 'a value of each', () => {
      const values = [...document.querySelectorAll('.row .value')];
      return values.length > 15 && values.every((each) => each.textContent !== '');
    });
    await until(page, 'the bit', () => /even\/bitField · on/.test(document.querySelector('#stack').textContent));
    await page.locator('select.part').selectOption({ label: 'Data[3]' });
    await until(page, 'the part', hasText, cell('even/can#Data[3]', 'now'));
    await until(page, 'the magnitude', hasText, cell('even/complex64#|z|', 'now'));
    await page.waitForTimeout(1000);
    await shot(page, 'kinds');
    await page.close();
  },

  async 'a trigger stops a sine at its level, and a spectrum finds its frequency'() {
    const page = await open('#p=sine/0&w=1');
    await until(page, 'a value', hasText, cell('sine/0', 'now'));
    await page.keyboard.press('g');
    await page.fill('#trigger-level', '0.5');
    await page.check('#trigger-single');
    await until(
      page,
      'the trigger',
      () => document.getElementById('trigger-state').textContent === 'triggered, stopped',
    );
    const box = await page.locator('.u-over').boundingBox();
    await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
    await found(
      page,
      'the level at the trigger',
      async () => parseFloat(await page.textContent(cell('sine/0', 'pointer'))),
      (value) => Math.abs(value - 0.5) < 0.03,
    );
    await shot(page, 'trigger');
    await page.keyboard.press('g');
    await page.selectOption('#window', '5');
    await page.locator('#spectrum-toggle').click();
    await page.fill('#spectrum-averages', '1');
    await page.selectOption('#spectrum-shape', 'flat top');
    // As soon as there are the five seconds.
    await found(
      page,
      'the sine in the spectrum',
      async () => /strongest ([\d.]+) Hz with ([\d.]+)/.exec(await page.textContent('#spectrum-text'))?.slice(1),
      (strongest) => strongest && Math.abs(strongest[0] - 2) < 0.4 && Math.abs(strongest[1] - 1) < 0.01,
    );
    await shot(page, 'spectrum');
    await page.close();
  },

  async 'a phone has all of it'() {
    const page = await open('#p=sine/0,sine/1', { viewport: { width: 390, height: 780 } });
    await until(page, 'a value', hasText, cell('sine/0', 'now'));
    await page.waitForTimeout(2500);
    assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth));
    await shot(page, 'phone');
    await page.close();
  },

  async 'a source that goes while it is plotted is missed, and comes back'() {
    const page = await open('#p=gone/0&w=10');
    await until(page, 'a value', hasText, cell('gone/0', 'now'));
    console.log('REMOVE');
    await until(page, 'that it is gone', () => /not offered now/.test(document.querySelector('#stack').textContent));
    console.log('BACK');
    await until(page, 'that it is back', () => !/not offered now/.test(document.querySelector('#stack').textContent));
    await until(
      page,
      'the gap',
      () => document.querySelector('#stack .plot').getAttribute('aria-description') === '1 gap',
    );
    await page.close();
  },

  async 'a writer is replaced under a plot, which goes on behind a gap'() {
    const page = await open('#p=scene/spike,sine/0;scene/log&w=20');
    for (const key of ['scene/spike', 'sine/0', 'scene/log']) await until(page, 'a value', hasText, cell(key, 'now'));
    await page.waitForTimeout(2000);
    console.log('SWAP');
    await until(
      page,
      'a gap',
      () => document.querySelector('#stack .plot').getAttribute('aria-description') !== 'no gaps',
    );
    const text = await page.textContent(cell('scene/spike', 'now'));
    await until(page, 'that it goes on', ([selector, text]) => document.querySelector(selector).textContent !== text, [
      cell('scene/spike', 'now'),
      text,
    ]);
    await page.waitForTimeout(2000);
    assert.doesNotMatch(await page.textContent('#stack'), /not offered|no sample/);
    await page.keyboard.press(' ');
    const box = await page.locator('.u-over').first().boundingBox();
    for (const across of [0.96, 0.98]) {
      await page.mouse.move(box.x + box.width * across, box.y + 40);
      await page.waitForTimeout(350);
      const { text: value, ns } = await pointed(page, 'scene/spike');
      assert.equal(value, String(spike(Number(ns / 1_000_000n))));
    }
    await shot(page, 'swapped');
    await page.close();
  },

  async 'a server that was killed is missed, comes back, and leaves a gap'() {
    const page = await open('#p=sine/0,sine/1,host/cpu/load;count/0&w=30&d=dark');
    const other = await open('#p=count/1&w=30');
    for (const [each, key] of [
      [page, 'sine/0'],
      [other, 'count/1'],
    ]) {
      await until(each, 'a value', hasText, cell(key, 'now'));
    }
    await page.waitForTimeout(4000);
    await shot(page, 'plots-dark');
    console.log('KILL');
    for (const each of [page, other]) {
      await until(each, 'that the server is away', () =>
        /server away/.test(document.getElementById('status').textContent),
      );
    }
    await shot(page, 'away');
    console.log('START');
    for (const each of [page, other]) {
      await until(each, 'that the server is back', () =>
        /^connected/.test(document.getElementById('status').textContent),
      );
      await until(each, 'a gap', () =>
        [...document.querySelectorAll('#stack .plot')].every(
          (plot) =>
            /gap/.test(plot.getAttribute('aria-description')) && !/no gaps/.test(plot.getAttribute('aria-description')),
        ),
      );
      await each.waitForTimeout(3000);
    }
    await shot(page, 'gap');
    await page.close();
    await other.close();
  },
};

await run({ ...kinds, ...views, ...access, ...steps }, step);
