// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// Samples of other kinds than plain numbers, compared with what the scene publishes.

import assert from 'node:assert/strict';
import { cell, hasText, nanoseconds, open, pointed, shot, until } from './page.mjs';
import * as scene from './scene.mjs';

const MS = 1_000_000n;

async function paused(hash, key) {
  const page = await open(hash);
  await until(page, 'a value of ' + key, hasText, cell(key, 'now'));
  await page.waitForTimeout(3000);
  await page.keyboard.press(' ');
  await page.waitForTimeout(200);
  return page;
}

/** Moves the pointer over a plot; across and down in parts of it. */
async function point(page, plot, across, down) {
  const box = await page.locator('#stack .u-over').nth(plot).boundingBox();
  await page.mouse.move(box.x + box.width * across, box.y + box.height * down);
  await page.waitForTimeout(350);
}

/** Red, green and blue of what is drawn at the pointer's place, the pointer itself away. */
async function colourAt(page, plot, across, down) {
  await page.mouse.move(5, 5);
  await page.waitForTimeout(200);
  return page.evaluate(
    ([plot, across, down]) => {
      const node = document.querySelectorAll('#stack > .plot')[plot];
      const canvas = node.querySelector('.chart canvas');
      const over = node.querySelector('.chart .u-over').getBoundingClientRect();
      const whole = canvas.getBoundingClientRect();
      const x = (over.x + over.width * across - whole.x) * devicePixelRatio;
      const y = (over.y + over.height * down - whole.y) * devicePixelRatio;
      return [...canvas.getContext('2d').getImageData(x, y, 1, 1).data].slice(0, 3);
    },
    [plot, across, down],
  );
}

export const kinds = {
  async 'a vector is an image over time, with value, time and place at the pointer'() {
    const key = 'scene/spectrum';
    const page = await paused(`#p=${key}&w=4`, key);
    let looked = 0;
    for (let i = 0; i < 8; i++) {
      const across = 0.4 + i * 0.05;
      await point(page, 0, across, 0.1 + i * 0.1);
      const { text, ns } = await pointed(page, key);
      const [, value, hz] = /^(\S+) V at (\S+) Hz$/.exec(text);
      const n = Number(ns / MS);
      const line = Number(hz) / scene.LINE_HZ;
      assert.ok(Number.isInteger(line) && line >= 0 && line < scene.LINES, hz + ' Hz');
      assert.ok(Math.abs(value - scene.spectrumLine(n, line)) < 1e-6, `${text} at ${ns}`);
      // The wandering peak is light, what is far from it dark.
      const peak = scene.wanderingLine(n);
      const down = (k) => 1 - (k + 0.5) / scene.LINES;
      const [light, dark] = [
        await colourAt(page, 0, across, down(Math.round(peak))),
        await colourAt(page, 0, across, down(peak > 64 ? 40 : 90)),
      ];
      // Where it crosses the steady line the scale reaches half as far again.
      assert.ok(light[1] > 125 && dark[1] < 90, `green ${light} on the peak, ${dark} off it`);
      looked++;
    }
    console.log(`${looked} places of the image have value and colour of what was published`);
    assert.match(await page.textContent('.caption'), /colours 0 V.*below: the sample of \d{4}-/);
    await shot(page, 'waterfall');
    await page.close();
  },

  async 'a complex number is drawn as magnitude and phase, a struct by member'() {
    const page = await paused('#p=scene/impedance;scene/climate&w=4', 'scene/impedance#|z|');
    for (const [key, plot, expected, tolerance] of [
      ['scene/impedance#|z|', 0, scene.magnitude, 1e-9],
      ['scene/impedance#∠z', 0, scene.phase, 1e-9],
      ['scene/climate#temperature', 1, scene.temperature, 0],
      ['scene/climate#pressure', 1, scene.pressure, 1e-4],
    ]) {
      for (const across of [0.5, 0.7, 0.9]) {
        await point(page, plot, across, 0.5);
        const { text, ns } = await pointed(page, key);
        const off = Math.abs(parseFloat(text) - expected(Number(ns / MS)));
        assert.ok(off <= tolerance, `${key} ${text} at ${ns} is ${off} off`);
      }
    }
    await shot(page, 'parts');
    await page.close();
  },

  async 'a bit field is drawn as logic traces with names'() {
    const page = await paused('#p=scene/valve&w=4', 'scene/valve#:0');
    const names = ['open', 'moving', 'closed', 'fault'];
    const rows = await page.locator('#stack .legend tbody tr td.name').allTextContents();
    assert.deepEqual(
      rows.map((text) => text.split(' · ')[1]),
      names,
    );
    for (const across of [0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
      await point(page, 0, across, 0.5);
      for (const [i, bit] of [0, 1, 2, 7].entries()) {
        const { text, ns } = await pointed(page, 'scene/valve#:' + bit);
        assert.equal(text, scene.valve(Number(ns / MS))[names[i]] ? '1' : '0', names[i] + ' at ' + ns);
      }
    }
    await shot(page, 'logic');
    await page.close();
  },

  async 'texts and frames of a bus are a table of the newest, with exact times'() {
    const page = await paused('#p=scene/can;scene/log&w=4', 'scene/log');
    const tables = await page.evaluate(() =>
      [...document.querySelectorAll('#stack .log')].map((log) =>
        [...log.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((each) => each.textContent)),
      ),
    );
    const [frames, texts] = tables;
    assert.ok(frames.length >= 20 && texts.length >= 3, `${frames.length} frames, ${texts.length} texts`);
    for (const [time, trace, text] of frames) {
      const ns = nanoseconds(time);
      const n = Number(ns / MS);
      assert.equal(trace, 'scene/can');
      assert.equal(ns - BigInt(n) * MS, BigInt(n % 1000));
      assert.equal(text, scene.frameText(n));
    }
    for (const [time, , text] of texts) {
      const n = Number(nanoseconds(time) / MS);
      assert.ok(scene.isLogged(n));
      assert.equal(text, scene.logText(n));
    }
    const times = frames.map(([time]) => time);
    assert.deepEqual(times, [...times].sort().reverse(), 'newest first');
    assert.equal(await page.locator('.log b').count(), 0);
    assert.doesNotMatch(await page.textContent('#stack'), /choose a part|no sample/);
    await page.close();
  },
};
