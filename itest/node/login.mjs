// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// Tries to come in at a server that needs a login: node login.mjs <address> <token> [stay]
// With 'stay' it says when it is in, and ends when it is sent away.

import http from 'node:http';
import WebSocket from 'ws';

const [address, token, stay] = process.argv.slice(2);
const base = new URL(address);
const bearer = { Authorization: `Bearer ${token}` };

/** 101, or the status of the refusal. */
const connect = (url, options = {}) =>
  new Promise((resolve) => {
    const socket = new WebSocket(url, options);
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode);
    });
    socket.on('error', () => {});
  });

const get = (path, headers = {}) =>
  new Promise((resolve, reject) => {
    http
      .get({ host: base.hostname, port: base.port, path, headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on('error', reject);
  });

async function expect(what, wanted, got) {
  const status = await got;
  console.log(`${status} ${what}`);
  if (status !== wanted) throw new Error(`${what}: expected ${wanted}, got ${status}`);
}

if (stay) {
  const socket = new WebSocket(base, { headers: bearer });
  socket.on('open', () => console.log('in'));
  socket.on('close', (code, reason) => {
    console.log(`closed ${code} ${reason}`);
    process.exit(code === 1008 ? 0 : 1);
  });
} else {
  const withUser = new URL(base);
  withUser.username = 'token';
  withUser.password = token;
  await expect('nobody', 401, connect(base));
  await expect('Authorization', 101, connect(base, { headers: bearer }));
  await expect('user and password in the URL', 101, connect(withUser));
  await expect('in front of the path', 101, connect(new URL(`/token/${token}/`, base)));
  await expect('in the query', 400, connect(new URL(`/?token=${token}`, base)));
  await expect('wrong', 401, connect(base, { headers: { Authorization: `Bearer ${token}x` } }));
  const foreign = { headers: bearer, origin: 'http://elsewhere.example' };
  await expect('page of others', 403, connect(base, foreign));
  await expect('own page', 101, connect(base, { headers: bearer, origin: `http://${base.host}` }));
  await expect('metrics, nobody', 401, get('/metrics'));
  await expect('metrics, without the right', 403, get('/metrics', bearer));
  await expect('page, person', 303, get('/', { Accept: 'text/html' }));
  await expect('login page', 200, get('/login'));
  await expect('name of others', 403, get('/login', { Host: 'elsewhere.example' }));
}
