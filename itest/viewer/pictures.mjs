// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// Takes pictures of the main states of the viewer: node pictures.mjs URL FOLDER. The server has the
// scene, and simulators sine/0 to sine/3, square/0 and gappy/0.

import { cell, hasText, open, run, shot, until } from './page.mjs';

/** Opens a link and waits until there is something to see. */
async function shown(hash, key, seconds, options) {
  const page = await open(hash, options);
  await until(page, 'a value of ' + key, hasText, cell(key, 'now'));
  await page.waitForTimeout(seconds * 1000);
  return page;
}

async function pointAt(page, plot, across, down) {
  const box = await page.locator('#stack .u-over').nth(plot).boundingBox();
  await page.mouse.move(box.x + box.width * across, box.y + box.height * down);
  await page.waitForTimeout(400);
}

const FOUR = '#p=sine/0,sine/1;host/cpu/load,scene/climate%23temperature;scene/impedance;scene/valve&w=5';

await run(
  {
    async start() {
      const page = await open('#d=light');
      await until(page, 'values', () => document.querySelectorAll('.row .value').length > 10);
      await page.waitForTimeout(4000);
      await shot(page, '1-start');
      await page.close();
    },

    async 'four plots'() {
      const page = await shown(FOUR + '&d=light', 'sine/0', 6, { viewport: { width: 1400, height: 1000 } });
      await shot(page, '2-four-plots');
      await pointAt(page, 0, 0.4, 0.5);
      await page.keyboard.press('a');
      await pointAt(page, 0, 0.65, 0.5);
      await page.keyboard.press('b');
      await page.waitForTimeout(500);
      await shot(page, '3-cursors');
      await page.close();
    },

    async dark() {
      const page = await shown(FOUR + '&d=dark', 'sine/0', 6, { viewport: { width: 1400, height: 1000 } });
      await shot(page, '4-dark');
      await page.close();
    },

    async spectrum() {
      const page = await shown('#p=square/0&w=0.5&d=light&s=square/0,Blackman-Harris,2,dB', 'square/0', 4);
      await shot(page, '5-spectrum');
      await page.close();
    },

    async 'logic traces'() {
      const page = await shown('#p=scene/valve&w=5&d=light', 'scene/valve#:0', 6);
      await pointAt(page, 0, 0.6, 0.5);
      await shot(page, '6-logic');
      await page.close();
    },

    async trigger() {
      const page = await shown('#p=sine/0,sine/1&w=0.5&d=light&g=sine/0,rising,0.5,0,single', 'sine/0', 2);
      await pointAt(page, 0, 0.25, 0.3);
      await shot(page, '7-trigger');
      await page.close();
    },

    async gap() {
      const page = await shown('#p=gappy/0;sine/0&w=8&d=light', 'gappy/0', 9);
      await page.keyboard.press(' ');
      // Where the shade of the newest gap is.
      const at = await page.evaluate(() => {
        const canvas = document.querySelector('#stack .chart canvas');
        const over = document.querySelector('#stack .u-over').getBoundingClientRect();
        const left = over.x - canvas.getBoundingClientRect().x;
        const { data } = canvas.getContext('2d').getImageData(left, 30, over.width, 1);
        const isShade = (x) => data[4 * x + 3] > 0 && data[4 * x + 3] < 60;
        for (let x = Math.floor(over.width) - 1; x >= 10; x--) {
          // The edge of a curve may be as faint, but is not as wide.
          if (Array.from({ length: 10 }, (_, i) => x - i).every(isShade)) return (x - 5) / over.width;
        }
        return 0.5;
      });
      await pointAt(page, 0, at, 0.5);
      await shot(page, '8-gap');
      await page.close();
    },

    async waterfall() {
      const page = await shown('#p=scene/spectrum&w=8&d=light', 'scene/spectrum', 9);
      await pointAt(page, 0, 0.7, 0.4);
      await shot(page, '9-waterfall');
      await page.close();
    },

    async table() {
      const page = await shown('#p=scene/can;scene/log&w=10&d=light', 'scene/log', 8);
      await shot(page, '10-tables');
      await page.close();
    },

    async phone() {
      const phone = { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, hasTouch: true };
      const page = await shown('#p=sine/0,sine/1;scene/valve&w=5&d=light', 'sine/0', 6, phone);
      await shot(page, '11-phone');
      await page.locator('#list-toggle').click();
      await page.waitForTimeout(1500);
      await shot(page, '12-phone-list');
      await page.close();
    },

    /** The one in the README of the project. */
    async overview() {
      const link = '#p=sine/0,gappy/0;scene/spectrum;scene/valve&w=10&d=light';
      const page = await shown(link, 'scene/valve#:0', 11, { viewport: { width: 1280, height: 960 } });
      await pointAt(page, 0, 0.35, 0.5);
      await page.keyboard.press('a');
      await pointAt(page, 0, 0.55, 0.5);
      await page.keyboard.press('b');
      await pointAt(page, 1, 0.75, 0.4);
      await shot(page, '14-overview');
      await page.close();
    },

    async help() {
      const page = await shown('#p=sine/0&d=light', 'sine/0', 1);
      await page.keyboard.press('?');
      await shot(page, '13-help');
      await page.close();
    },
  },
  process.argv[4],
);
