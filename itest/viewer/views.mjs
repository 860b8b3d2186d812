// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// What one can do with a plot: save, zoom, trigger, look at spectra, share.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { cell, found, hasText, inView, nanoseconds, open, pointed, shot, until, untilInView, url } from './page.mjs';
import * as scene from './scene.mjs';

const MS = 1_000_000n;

/** The lines of a table in CSV without what quotes are for but commas and doubled quotes. */
function parse(text) {
  return text
    .trim()
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
        quoted === undefined ? plain : quoted.replace(/""/g, '"'),
      ),
    );
}

async function saved(page, key) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press(key)]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Columns of pixels of the chart, from the left of the curves, that are curve at a height. */
async function columnsWithCurve(page, from, to) {
  return page.evaluate(
    ([from, to]) => {
      const canvas = document.querySelector('#stack .chart canvas');
      const over = document.querySelector('#stack .u-over').getBoundingClientRect();
      const whole = canvas.getBoundingClientRect();
      const [left, top] = [over.x - whole.x, over.y - whole.y + over.height * from];
      const { data, width, height } = canvas
        .getContext('2d')
        .getImageData(left, top, over.width, over.height * (to - from));
      const found = [];
      for (let x = 0; x < width; x++) {
        for (let y = 0; y < height; y++) {
          const [r, g, b] = data.subarray(4 * (y * width + x));
          if (b - r > 60 && b > 120) {
            found.push(x);
            break;
          }
        }
      }
      return found;
    },
    [from, to],
  );
}

/** What tells two screens apart, without values. */
const state = () => ({
  plots: [...document.querySelectorAll('#stack > .plot')].map((plot) => plot.getAttribute('aria-label')),
  traces: [...document.querySelectorAll('#stack .legend tbody tr')].map((row) => row.dataset.key),
  controls: [
    ...document.querySelectorAll(
      'header select, #trigger-bar select, #trigger-bar input, #spectrum select, #spectrum input',
    ),
  ].map((each) => `${each.id}=${each.type === 'checkbox' ? each.checked : each.value}`),
  shown: ['signals', 'trigger-bar', 'spectrum'].map((id) => `${id} ${!document.getElementById(id).hidden}`),
  theme: document.documentElement.dataset.theme,
  back: getComputedStyle(document.body).backgroundColor,
  inView: /in view \S+ \S+/.exec(document.getElementById('history').textContent)[0],
});

export const views = {
  async 'what is saved as CSV is what was published'() {
    const page = await open('#p=scene/spike;scene/spectrum;scene/log&w=2');
    await until(page, 'a text', hasText, cell('scene/log', 'now'));
    await page.waitForTimeout(3000);
    await page.keyboard.press(' ');
    const { name, bytes } = await saved(page, 'e');
    assert.equal(name, 'daqstream.csv');
    const [head, ...rows] = parse(bytes.toString('utf8'));
    assert.deepEqual(head.slice(0, 4), [
      'time [UTC]',
      't [ns]',
      'scene/spike',
      'scene/spectrum at frequency [Hz] 0 [V]',
    ]);
    assert.equal(head.length, 2 + 1 + scene.LINES + 1);
    const seen = { spike: 0, spectrum: 0, log: 0 };
    let before = 0n;
    for (const row of rows) {
      assert.equal(row.length, head.length);
      const ns = BigInt(row[1]);
      const n = Number(ns / MS);
      assert.equal(nanoseconds(row[0]), ns);
      assert.ok(ns > before);
      before = ns;
      if (row[2] !== '') {
        assert.equal(row[2], String(scene.spike(n)));
        seen.spike++;
      }
      if (row[3] !== '') {
        for (let k = 0; k < scene.LINES; k++) assert.ok(Math.abs(row[3 + k] - scene.spectrumLine(n, k)) < 1e-6);
        seen.spectrum++;
      }
      if (row.at(-1) !== '') {
        assert.equal(row.at(-1), scene.logText(n));
        seen.log++;
      }
    }
    console.log(`CSV: ${seen.spike} numbers, ${seen.spectrum} vectors, ${seen.log} texts are those published`);
    assert.ok(seen.spike >= 1990 && seen.spike <= 2010 && seen.spectrum >= 39 && seen.log >= 3, JSON.stringify(seen));
    await page.close();
  },

  async 'a signal that is dragged to the plots gets one'() {
    const page = await open('#p=sine/0');
    await until(page, 'a value', hasText, cell('sine/0', 'now'));
    await page.fill('#search', 'sine/');
    await page.locator('.row[title="sine/1"]').dragTo(page.locator('#stack .plot'));
    await until(page, 'it is in the plot', hasText, cell('sine/1', 'now'));
    await page.locator('.row[title="sine/2"]').dragTo(page.locator('#history'));
    await until(page, 'it has a plot of its own', hasText, cell('sine/2', 'now'));
    const labels = await page
      .locator('#stack .plot')
      .evaluateAll((plots) => plots.map((plot) => plot.getAttribute('aria-label')));
    assert.deepEqual(labels, ['Plot 1: sine/0, sine/1', 'Plot 2: sine/2']);
    await page.close();
  },

  async 'what is saved as PNG is what is shown'() {
    const page = await open('#p=sine/0,sine/1;count/0&w=2&d=light');
    await until(page, 'a value', hasText, cell('count/0', 'now'));
    await page.waitForTimeout(3000);
    await page.keyboard.press(' ');
    await page.waitForTimeout(200);
    const { name, bytes } = await saved(page, 'p');
    assert.equal(name, 'daqstream.png');
    const [width, height, same, shown, red] = await page.evaluate(async (base64) => {
      const blob = new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: 'image/png' });
      const image = await createImageBitmap(blob);
      const whole = new OffscreenCanvas(image.width, image.height).getContext('2d');
      whole.drawImage(image, 0, 0);
      const ground = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
      // Each canvas stands below a line of names.
      let top = 0;
      let same = 0;
      let shown = 0;
      let red = 0;
      for (const canvas of document.querySelectorAll('#stack .chart canvas')) {
        const a = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        const b = whole.getImageData(0, top + 18, canvas.width, canvas.height).data;
        for (let i = 0; i < a.length; i += 4) {
          if (a[i + 3] === 0) continue; // the page's ground is no part of the canvas
          shown++;
          const over = (k) => (a[i + k] * a[i + 3] + ground[k] * (255 - a[i + 3])) / 255;
          if ([0, 1, 2].every((k) => Math.abs(over(k) - b[i + k]) <= 2)) same++;
          if (a[i + 3] > 200 && a[i] > 150 && a[i + 2] < 40) red++;
        }
        top += canvas.height + 18;
      }
      return [image.width, image.height, same, shown, red];
    }, bytes.toString('base64'));
    console.log(`PNG: ${width} x ${height} pixels, ${same} of ${shown} that are drawn are those on the screen`);
    assert.ok(shown > 1000 && same === shown && red > 100, `${same} of ${shown}, ${red}`);
    await page.close();
  },

  async 'wheel, box, keys and two fingers zoom'() {
    const page = await open('#p=sine/0&w=10', { hasTouch: true });
    await until(page, 'a value', hasText, cell('sine/0', 'now'));
    await page.waitForTimeout(2500);
    const box = await page.locator('.u-over').boundingBox();
    const middle = [box.x + box.width * 0.8, box.y + box.height / 2];
    await page.mouse.move(...middle);
    await page.mouse.wheel(0, -100);
    await untilInView(page, 8);
    assert.match(page.url(), /[&#]w=8(&|$)/, 'a zoom of what runs is part of the link');
    await page.keyboard.press(' ');
    await page.mouse.wheel(0, 100);
    await untilInView(page, 10);
    // A box over a quarter of the width, and half of the height.
    await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.25);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.95, box.y + box.height * 0.75, { steps: 5 });
    await page.mouse.up();
    const boxed = await untilInView(page, 2.5, 0.05);
    await shot(page, 'box');
    await page.keyboard.press('+');
    const before = await untilInView(page, boxed / 2, 0.01);
    const touch = await page.context().newCDPSession(page);
    const fingers = (distance) => [-1, 1].map((side, id) => ({ x: middle[0] + side * distance, y: middle[1], id }));
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(40) });
    for (let distance = 45; distance <= 80; distance += 5) {
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(distance) });
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await untilInView(page, before / 2, 0.07 * before); // fingers twice as far apart
    await page.mouse.dblclick(...middle);
    await untilInView(page, 8);
    assert.equal(await page.getAttribute('#pause', 'aria-pressed'), 'false');
    await page.close();
  },

  async 'a single trigger stops, and hold-off has others wait'() {
    const page = await open('#p=sine/0&w=0.1');
    await until(page, 'a value', hasText, cell('sine/0', 'now'));
    await page.keyboard.press('g');
    const count = async (seconds) => {
      const now = async () => Number(/triggered (\d+)/.exec(await page.textContent('#trigger-state'))?.[1] ?? 0);
      await page.waitForTimeout(1000);
      const before = await now();
      await page.waitForTimeout(seconds * 1000);
      return (await now()) - before;
    };
    const free = await count(4);
    await page.fill('#trigger-holdoff', '1.2');
    await page.keyboard.press('Tab');
    const held = await count(6);
    console.log(`trigger: ${free} in 4 s at 2 Hz, ${held} in 6 s with a hold-off of 1.2 s`);
    assert.ok(free >= 6 && free <= 10, free + ' triggers in 4 s');
    assert.ok(held >= 3 && held <= 5, held + ' triggers in 6 s');
    await page.check('#trigger-single');
    await until(
      page,
      'the single one',
      () => document.getElementById('trigger-state').textContent === 'triggered, stopped',
    );
    await page.waitForTimeout(500);
    const picture = await columnsWithCurve(page, 0, 1);
    await page.waitForTimeout(1500);
    assert.deepEqual(await columnsWithCurve(page, 0, 1), picture, 'it stands');
    await page.locator('#trigger-arm').click();
    await until(
      page,
      'the next one',
      () => document.getElementById('trigger-state').textContent === 'triggered, stopped',
    );
    await page.close();
  },

  async 'a spectrum of more averages has the same amplitude and less noise'() {
    const page = await open('#p=sine/0,scene/spike&w=5&s=sine/0,flat top,1,linear'.replace(' ', '%20'));
    await until(page, 'a value', hasText, cell('sine/0', 'now'));
    await page.waitForTimeout(6000);
    await page.keyboard.press(' ');
    const amplitude = async (averages) => {
      await page.fill('#spectrum-averages', String(averages));
      await page.waitForFunction(
        (text) => document.getElementById('spectrum-text').textContent.includes(text),
        `${averages} averaged`,
      );
      const [, hz, volt] = /strongest ([\d.]+) Hz with ([\d.]+)/.exec(await page.textContent('#spectrum-text'));
      assert.ok(Math.abs(hz - 2) < 1.3, `${averages} averages: ${hz} Hz`);
      assert.ok(Math.abs(volt - 1) < 0.02, `${averages} averages: ${volt} V`);
    };
    await amplitude(1);
    await amplitude(2);
    await page.selectOption('#spectrum-shape', 'Hann');
    await until(page, 'the window', () => /Hann/.test(document.getElementById('spectrum-text').textContent));
    await page.check('#spectrum-log');
    await page.waitForTimeout(500);
    await shot(page, 'spectrum-averages');
    await page.close();
  },

  async 'a link shows the same screen'() {
    const page = await open('');
    await until(page, 'signals', () => document.querySelectorAll('.row').length > 5);
    for (const [search, keys] of [
      ['sine/', ['sine/0', 'sine/1']],
      ['scene/', ['scene/valve', 'scene/spectrum']],
    ]) {
      await page.fill('#search', search);
      for (const key of keys) {
        const modifiers = key === 'scene/valve' || key === 'scene/spectrum' ? ['Shift'] : [];
        await page.locator(`.row[title="${key}"]`).click({ modifiers });
      }
    }
    await page.selectOption('#window', '5');
    await page.selectOption('#clock', 'relative');
    await page.locator('#theme').click();
    await page.locator('#trigger-toggle').click();
    await page.selectOption('#trigger-edge', 'falling');
    await page.fill('#trigger-level', '-0.25');
    await page.fill('#trigger-holdoff', '0.5');
    await page.locator('#spectrum-toggle').click();
    await page.selectOption('#spectrum-shape', 'Blackman-Harris');
    await page.fill('#spectrum-averages', '3');
    await page.locator('#list-toggle').click();
    await until(page, 'the bits', () => document.querySelectorAll('#stack .legend tbody tr').length === 7);
    await page.waitForTimeout(500);
    const link = page.url().slice(url.length);
    const other = await open(link);
    await until(other, 'the same traces', () => document.querySelectorAll('#stack .legend tbody tr').length === 7);
    const same = await page.evaluate(state);
    assert.equal(same.theme, 'dark');
    await found(
      other,
      'the same screen as ' + JSON.stringify(same),
      () => other.evaluate(state),
      (now) => isDeepStrictEqual(now, same),
    );
    await other.evaluate(() => (location.hash = '#p=count/0&w=2'));
    await until(other, 'another link in the same tab', hasText, cell('count/0', 'now'));
    assert.equal(await other.locator('#stack .plot').count(), 1);
    await other.close();
    await page.close();
  },

  async 'one sample is seen at every zoom'() {
    const page = await open('#p=scene/spike&w=60&d=light');
    await until(page, 'a value', hasText, cell('scene/spike', 'now'));
    await page.waitForTimeout(scene.SPIKE_EVERY_MS + 1500);
    for (const seconds of ['3600', '300', '60']) {
      await page.selectOption('#window', seconds);
      await page.waitForTimeout(2500); // until it is drawn
      assert.ok((await columnsWithCurve(page, 0, 0.2)).length > 0, `no spike with ${seconds} s in view`);
    }
    await page.keyboard.press(' ');
    let least = Infinity;
    for (let i = 0; i < 14; i++) {
      await page.waitForTimeout(300); // until it is drawn
      const columns = await columnsWithCurve(page, 0, 0.2);
      least = await inView(page);
      assert.ok(columns.length > 0, `no spike with ${least} s in view`);
      const box = await page.locator('.u-over').boundingBox();
      const middle = box.width / 2;
      const column = columns.reduce((a, b) => (Math.abs(b - middle) < Math.abs(a - middle) ? b : a));
      await page.mouse.move(box.x + column, box.y + 40);
      await page.waitForTimeout(300);
      await page.keyboard.press('+');
    }
    const { text, ns } = await pointed(page, 'scene/spike');
    assert.equal(text, '100');
    assert.equal(Number(ns / MS) % scene.SPIKE_EVERY_MS, 0);
    console.log(`the spike is seen from an hour down to ${least} s in view`);
    await page.close();
  },

  async 'a page that nobody sees costs the server a keep-alive'() {
    const sent = async () => {
      const text = await (await fetch(new URL('/metrics', url))).text();
      return Number(/^daqstream_server_sent_bytes_total\S* (\S+)/m.exec(text)[1]);
    };
    const perSecond = async (seconds) => {
      const before = await sent();
      await new Promise((done) => setTimeout(done, seconds * 1000));
      return ((await sent()) - before) / seconds;
    };
    const page = await open('#p=sine/0,sine/1,scene/spike&w=10');
    await until(page, 'a value', hasText, cell('sine/0', 'now'));
    const seen = await perSecond(3);
    const show = (visibility) =>
      page.evaluate((visibility) => {
        Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, visibility);
    await show('hidden');
    await page.waitForTimeout(1500);
    const hidden = await perSecond(10);
    console.log(`seen: ${Math.round(seen)} bytes/s, hidden: ${Math.round(hidden)} bytes/s`);
    assert.ok(seen > 100_000 && hidden < 50, `${seen} and ${hidden} bytes/s`);
    assert.match(await page.textContent('#status'), /^connected/);
    await show('visible');
    await until(page, 'the gap of what was missed', () =>
      /^[1-9]\d* gap/.test(document.querySelector('#stack .plot').getAttribute('aria-description')),
    );
    await page.close();
  },
};
