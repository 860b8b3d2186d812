// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// Makes the files that the bundle serves: node build.mjs [folder]. File names carry a hash of what
// is in them, all are there with gzip, and `files.properties` says which path has which type.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const out = process.argv[2] ?? 'dist';
const PREFIX = '/viewer/';
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

const served = [];

function put(url, name, bytes) {
  writeFileSync(path.join(out, name), bytes);
  writeFileSync(path.join(out, name + '.gz'), gzipSync(bytes, { level: 9 }));
  served.push(`${url} = ${name} | ${TYPES[path.extname(name)]}`);
}

/** Under a name that changes with what is in it; returns where it is served. */
function putHashed(name, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const { name: stem, ext } = path.parse(name);
  const hashed = `${stem}-${hash}${ext}`;
  put(PREFIX + hashed, hashed, bytes);
  return PREFIX + hashed;
}

async function bundled(entry, define = {}) {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: ['es2022'],
    define,
    alias: { 'daqstream-protocol': './protocol/src/index.ts' },
    legalComments: 'none',
    logLevel: 'warning',
  });
  return Buffer.from(result.outputFiles[0].contents);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const worker = putHashed('worker.js', await bundled('src/worker/main.ts'));
const app = putHashed('app.js', await bundled('src/page/main.ts', { WORKER: JSON.stringify(worker) }));
const style = putHashed('app.css', await bundled('src/page/style.css'));
const icon = putHashed('icon.svg', readFileSync('src/page/icon.svg'));
const licences = ['uplot', '@msgpack/msgpack']
  .map((name) => name + '\n\n' + readFileSync(path.join('node_modules', name, 'LICENSE'), 'utf8'))
  .join('\n\n');
const texts = putHashed('licences.txt', Buffer.from(licences));
const html = readFileSync('src/page/index.html', 'utf8')
  .replace('app.css', style)
  .replace('app.js', app)
  .replace('icon.svg', icon)
  .replace('licences.txt', texts);
put('/', 'index.html', Buffer.from(html));
writeFileSync(path.join(out, 'files.properties'), served.sort().join('\n') + '\n');
