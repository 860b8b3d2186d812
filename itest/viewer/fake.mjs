// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// A server on which everything that may have a name has a hostile one, such as no source here can
// publish. The files of the page are those of the real server.

import http from 'node:http';
import { decode, encode } from '@msgpack/msgpack';
import { WebSocketServer } from 'ws';

const DATA = 1;
const METADATA = 2;

export const IMAGE = '<img src=x onerror=alert(1)>';
/** Ten kilobytes, with a direction of its own. */
export const LONG = '\u202e' + 'long '.repeat(2048);
const HEBREW = '\u05d0\u05d1\u05d2/' + '\u05d3\u05d4';

const UNIT = { displayName: IMAGE, quantity: IMAGE };
const SIGNALS = new Map(
  Object.entries({
    [IMAGE]: { dataType: 'real64', unit: UNIT },
    [LONG]: { dataType: 'real64', unit: { displayName: LONG } },
    [HEBREW]: { dataType: 'real64' },
    ['__proto__']: { dataType: 'real64' },
    'a#b?c&d;e,f': { dataType: 'real64' },
    vector: {
      dataType: 'real64',
      dimensions: [{ name: IMAGE, rule: 'list', list: { values: [IMAGE, LONG] }, unit: UNIT }],
    },
    struct: {
      dataType: 'struct',
      struct: [
        { name: IMAGE, dataType: 'real64' },
        { name: LONG, dataType: 'real64' },
      ],
    },
  }),
);
export const NAMES = [...SIGNALS.keys()];

function packet(type, signo, payload) {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(((type << 28) | signo) >>> 0);
  head.writeUInt32LE(payload.length, 4);
  return Buffer.concat([head, payload]);
}

function meta(signo, method, params) {
  return packet(METADATA, signo, Buffer.concat([Buffer.from([2, 0, 0, 0]), encode({ method, params })]));
}

function talk(socket) {
  const say = (...packets) => packets.forEach((each) => socket.send(each));
  let signo = 0;
  const timers = [];
  socket.on('close', () => timers.forEach(clearInterval));
  socket.on('message', (payload) => {
    const isShort = (payload.readUInt32LE() & 0x0ff00000) !== 0;
    const { id, method, params } = decode(payload.subarray(isShort ? 8 : 12)).params;
    const ids = Array.isArray(params) ? params : [];
    if (!/\.(un)?subscribe$/.test(method)) {
      say(meta(0, 'response', { id, jsonrpc: '2.0', error: { code: -32601, message: 'no such method' } }));
      return;
    }
    say(meta(0, 'response', { id, jsonrpc: '2.0', result: ids.map(() => true) }));
    if (!/\.subscribe$/.test(method)) return;
    for (const each of ids) {
      const definition = SIGNALS.get(each.replace(/\?contract=(gap|latest)[^?]*$/, ''));
      const values = definition.dataType === 'struct' || definition.dimensions ? [1.5, 2.5] : [1.5];
      say(
        // A signal with holes has its own id.
        meta(++signo, 'subscribe', { signalId: each.replace(/\?contract=gap$/, '') }),
        meta(signo, 'signal', {
          definition: { name: IMAGE, rule: 'explicit', ...definition },
          tableId: 'none',
          valueIndex: 0,
        }),
      );
      const samples = packet(DATA, signo, Buffer.from(Float64Array.from(values).buffer));
      say(samples);
      timers.push(setInterval(say, 200, samples));
    }
  });
  socket.on('error', () => {});
  say(
    meta(0, 'apiVersion', { version: '1.2.0' }),
    meta(0, 'init', { streamId: 'S1' }),
    meta(0, 'available', { signalIds: NAMES }),
  );
}

/** Starts it; `url` is that of the real server. */
export async function hostileServer(url) {
  const server = http.createServer((request, response) => {
    http.get(new URL(request.url, url), (real) => {
      response.writeHead(real.statusCode, real.headers);
      real.pipe(response);
    });
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', talk);
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      sockets.clients.forEach((socket) => socket.terminate());
      server.close();
      server.closeAllConnections();
    },
  };
}
