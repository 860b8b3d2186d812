// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// The page of a server that speaks TLS and needs a login, with a certificate that signs itself:
// node secure.mjs <https address> <folder for pictures>, the token in DAQSTREAM_TOKEN.

import assert from 'node:assert/strict';
import https from 'node:https';
import { browser, cell, complaints, hasText, open, run, shot, until, url } from './page.mjs';

const token = process.env.DAQSTREAM_TOKEN;
const base = new URL(url);
/** As somebody does who is told that the certificate signs itself, and goes on. */
const trusting = { ignoreHTTPSErrors: true };

/** The status of an answer to somebody who shows a cookie; 101 for a WebSocket. */
const answerTo = (cookie, fields = {}) =>
  new Promise((resolve, reject) => {
    const headers = { Cookie: cookie, ...fields };
    https
      .get(base, { headers, agent: false, rejectUnauthorized: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on('upgrade', (response, socket) => {
        socket.destroy();
        resolve(101);
      })
      .on('error', reject);
  });

const UPGRADE = {
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  Origin: base.origin,
};

async function logIn(page, secret) {
  await page.fill('input[name=secret]', secret);
  await Promise.all([page.waitForLoadState('load'), page.click('button')]);
}

/** Why a page may not open the WebSocket, or that it may. */
const tryIn = (page) =>
  page.evaluate(
    (address) =>
      new Promise((resolve) => {
        const socket = new WebSocket(address);
        socket.onopen = () => resolve('open');
        socket.onerror = () => resolve('refused');
      }),
    url.replace('https:', 'wss:'),
  );

let page;
let cookie;

const steps = {
  async 'a browser that trusts nobody does not connect'() {
    await assert.rejects(open(''), /ERR_CERT_AUTHORITY_INVALID/);
  },

  async 'who is not logged in is led to the login, and a wrong token does not help'() {
    page = await open('#p=sine/0&w=2', trusting);
    assert.equal(new URL(page.url()).pathname, '/login');
    await shot(page, 'login');
    await logIn(page, token + 'x');
    assert.match(await page.textContent('[role=alert]'), /wrong login/);
    // The browser itself tells of the refusal.
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/status of 401/.test(each)));
  },

  async 'who logs in sees live values, all of it inside TLS'() {
    const sockets = [];
    page.on('websocket', (socket) => sockets.push(socket));
    await logIn(page, token);
    await page.goto(url + '#p=sine/0&w=2');
    await until(page, 'a value', hasText, cell('sine/0', 'now'));
    const first = await page.textContent(cell('sine/0', 'now'));
    await page.waitForFunction(
      ([selector, text]) => document.querySelector(selector).textContent !== text,
      [cell('sine/0', 'now'), first],
    );
    assert.ok(sockets.length > 0 && sockets.every((socket) => socket.url().startsWith('wss:')));
    await shot(page, 'secure');
  },

  async 'the cookie is of no use to scripts, to other sites and without TLS'() {
    const cookies = await page.context().cookies();
    assert.equal(cookies.length, 1);
    const [{ name, value, secure, httpOnly, sameSite, path }] = cookies;
    assert.equal(name, '__Host-daqstream-' + base.port);
    assert.deepEqual([secure, httpOnly, sameSite, path], [true, true, 'Strict', '/']);
    assert.equal(await page.evaluate(() => document.cookie), '');
    cookie = `${name}=${value}`;
    const other = await page.context().newPage(); // of no origin, in the browser that is logged in
    assert.equal(await tryIn(other), 'refused');
    await other.close();
  },

  async 'a session that was logged out is not taken again'() {
    assert.equal(await answerTo(cookie), 200);
    assert.equal(await answerTo(cookie, UPGRADE), 101);
    const left = page.waitForFunction(() => document.getElementById('status').textContent === 'the login has ended');
    const other = await page.context().newPage();
    await other.goto(url + 'login');
    await Promise.all([other.waitForURL(/login$/), other.click('button')]);
    await other.waitForSelector('input[name=secret]');
    await left; // the page that was open
    const again = page.locator('#login');
    assert.ok(await again.isVisible());
    await shot(page, 'login-ended');
    const [tab] = await Promise.all([page.context().waitForEvent('page'), again.click()]);
    await logIn(tab, token);
    await page.bringToFront();
    await page.waitForFunction(() => /^connected/.test(document.getElementById('status').textContent));
    assert.ok(!(await again.isVisible()));
    await shot(page, 'login-again');
    await tab.close();
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/status of 401/.test(each)));
    assert.equal(await answerTo(cookie), 401);
    assert.equal(await answerTo(cookie, UPGRADE), 401);
    const [name, value] = cookie.split('=');
    await other
      .context()
      .addCookies([
        { name, value, domain: base.hostname, path: '/', secure: true, httpOnly: true, sameSite: 'Strict' },
      ]);
    await other.goto(url);
    assert.equal(new URL(other.url()).pathname, '/login');
    await page.close();
  },
};

assert.ok(browser.isConnected());
await run(steps);
