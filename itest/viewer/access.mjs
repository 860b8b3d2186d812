// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// Who can use the page: by keyboard alone, with a screen reader; and hostile names.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostileServer, LONG, NAMES } from './fake.mjs';
import { cell, hasText, open, shot, until, untilPointed, url } from './page.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with the page as it stands. */
async function complaintsOf(page) {
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  assert.ok(passes.length > 15, 'rules that hold: ' + passes.length);
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target).join(' ')}`);
}

const focused = () => {
  const node = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(node);
  return {
    id: node.id || node.className || node.tagName,
    outline: outlineStyle === 'none' ? 0 : parseFloat(outlineWidth),
  };
};

export const access = {
  async 'axe finds nothing wrong with the main states, light and dark'() {
    for (const theme of ['light', 'dark']) {
      const page = await open('#d=' + theme);
      await until(page, 'values', () => document.querySelectorAll('.row .value').length > 5);
      assert.deepEqual(await complaintsOf(page), [], 'start, ' + theme);
      const keys = 'sine/0,sine/1;count/0;scene/valve;scene/spectrum;scene/can';
      const plots = await open(`#p=${keys}&w=5&d=${theme}&g=sine/0,rising,0,0,again&s=sine/0,Hann,1,dB`);
      await until(plots, 'a frame', hasText, cell('scene/can', 'now'));
      await plots.waitForTimeout(1500);
      assert.deepEqual(await complaintsOf(plots), [], 'plots, ' + theme);
      await plots.keyboard.press('g');
      await plots.keyboard.press('a');
      await plots.keyboard.press('b');
      await plots.waitForTimeout(400);
      assert.deepEqual(await complaintsOf(plots), [], 'cursors, ' + theme);
      await plots.keyboard.press('?');
      assert.deepEqual(await complaintsOf(plots), [], 'help, ' + theme);
      await plots.close();
      await page.close();
    }
    const phone = await open('#p=sine/0', { viewport: { width: 390, height: 780 } });
    await until(phone, 'a value', hasText, cell('sine/0', 'now'));
    assert.deepEqual(await complaintsOf(phone), [], 'phone');
    await phone.close();
  },

  async 'all of it can be done with the keyboard'() {
    const page = await open('#w=2');
    await until(page, 'signals', () => document.querySelectorAll('.row').length > 5);
    // From one control to the next, each with a visible focus.
    const order = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      const { id, outline } = await page.evaluate(focused);
      assert.ok(outline >= 2, `the focus is not seen on ${id}`);
      order.push(id);
    }
    assert.deepEqual(order, [
      'list-toggle',
      'pause',
      'window',
      'clock',
      'trigger-toggle',
      'spectrum-toggle',
      'export-csv',
      'export-png',
      'theme',
      'help',
      'search',
      'list',
    ]);
    await page.keyboard.press('/');
    await page.keyboard.type('scene/spike');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await until(page, 'the plot', hasText, cell('scene/spike', 'now'));
    await page.keyboard.press('/');
    await page.keyboard.type('scene/impedance');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Enter');
    await until(page, 'a second plot', () => document.querySelectorAll('#stack > .plot').length === 2);
    await page.waitForTimeout(2500);
    await page.keyboard.press('n');
    assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), /^Plot [12]: /);
    for (let i = 0; i < 3; i++) await page.keyboard.press('.');
    const first = await untilPointed(page, 'scene/spike');
    await page.keyboard.press('a');
    const before = await page.evaluate(
      (selector) => document.querySelector(selector).title,
      cell('scene/spike', 'pointer'),
    );
    await page.keyboard.press('Shift+.');
    const second = await untilPointed(page, 'scene/spike', before);
    await page.keyboard.press('b');
    assert.ok(second.ns > first.ns);
    await until(page, 'the distance of the cursors', () =>
      /Δt = 0\.\d+ s/.test(document.getElementById('history').textContent),
    );
    await page.keyboard.press('c');
    await page.keyboard.press('x');
    await page.keyboard.press('x');
    await until(page, 'no plot', () => document.querySelectorAll('#stack > .plot').length === 0);
    await page.keyboard.press('?');
    assert.ok(await page.evaluate(() => document.getElementById('help-overlay').open));
    await page.keyboard.press('Escape');
    assert.ok(!(await page.evaluate(() => document.getElementById('help-overlay').open)));
    await page.close();
  },

  async 'whatever has a name may have any'() {
    const server = await hostileServer(url);
    try {
      const page = await open('', { server: server.url });
      await until(
        page,
        'signals',
        (count) => document.querySelectorAll('.row:not(.group)').length === count,
        NAMES.length,
      );
      await until(page, 'their values', () =>
        [...document.querySelectorAll('.row .value')].every((each) => each.textContent !== ''),
      );
      const rows = page.locator('.row:not(.group)');
      for (let i = 0; i < NAMES.length; i++) await rows.nth(i).click();
      await until(
        page,
        'traces',
        (count) => document.querySelectorAll('.legend tbody tr').length >= count,
        NAMES.length,
      );
      await until(
        page,
        'a sample of each',
        () => !/no sample|not offered/.test(document.getElementById('stack').textContent),
      );
      await page.waitForTimeout(1500);
      // The list is as wide as ever, and a name does not turn around what stands beside it.
      const overlaps = await page.evaluate(
        () =>
          [...document.querySelectorAll('.row:not(.group)')].filter((row) => {
            const [name, value] = [row.querySelector('.name'), row.querySelector('.value')].map((each) =>
              each.getBoundingClientRect(),
            );
            return name.right > value.left + 1 || value.right > row.getBoundingClientRect().right + 1;
          }).length,
      );
      assert.equal(overlaps, 0);
      assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth));
      assert.equal(await page.locator('img, #list script, #plots script, iframe').count(), 0);
      const longest = await page.evaluate(() =>
        Math.max(...[...document.querySelectorAll('.row, .legend td')].map((each) => each.textContent.length)),
      );
      assert.ok(longest < 1000, 'a text of ' + longest);
      await shot(page, 'hostile');
      await page.reload();
      await until(
        page,
        'the traces of the link',
        (name) => [...document.querySelectorAll('.legend tbody tr')].some((row) => row.dataset.key === name),
        LONG,
      );
      await page.close();
    } finally {
      server.close();
    }
  },
};
