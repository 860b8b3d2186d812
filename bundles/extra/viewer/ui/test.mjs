// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0
//
// Bundles the tests and runs them with Node's own runner.

import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const folders = ['protocol/test', 'test'];
const entries = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join(folder, file)),
);
rmSync('dist-test', { recursive: true, force: true });
await build({
  entryPoints: entries,
  outdir: 'dist-test',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: ['node18'],
  alias: { 'daqstream-protocol': './protocol/src/index.ts' },
  logLevel: 'warning',
});
const files = readdirSync('dist-test', { recursive: true })
  .filter((file) => String(file).endsWith('.test.mjs'))
  .map((file) => path.join('dist-test', String(file)));
const run = spawnSync(process.execPath, ['--test', ...files], { stdio: 'inherit' });
process.exit(run.status ?? 1);
