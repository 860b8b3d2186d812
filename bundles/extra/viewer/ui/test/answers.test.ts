// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failures } from '../src/page/failures';
import type { Ask, FromWorker } from '../src/shared/messages';
import { take } from '../src/worker/answers';
import type { Engine } from '../src/worker/engine';

const ASK: Ask = { kind: 'ask', view: undefined, cursors: [], places: [], isLocal: false };

async function answersOf(started: Promise<Engine>): Promise<FromWorker[]> {
  const answers: FromWorker[] = [];
  await take(started, ASK, (message) => void answers.push(message));
  return answers;
}

test('a question that fails is answered too, and the next one is taken', async () => {
  let isBroken = true;
  const frame = () => {
    if (isBroken) throw new Error('no such column');
    return { kind: 'frame' };
  };
  const started = Promise.resolve({ frame } as unknown as Engine);
  const [failure, ...more] = await answersOf(started);
  assert.ok(failure?.kind === 'failure' && failure.of === 'ask');
  assert.match(failure.text, /no such column/);
  assert.equal(more.length, 0);
  isBroken = false;
  assert.deepEqual(
    (await answersOf(started)).map(({ kind }) => kind),
    ['frame'],
  );
});

test('an engine that did not start is told with each question', async () => {
  const [failure] = await answersOf(Promise.reject(new Error('no socket')));
  assert.ok(failure?.kind === 'failure' && failure.text.includes('no socket'));
});

test('a failure that comes with each frame is logged and shown once', (context) => {
  const log = context.mock.method(console, 'error', () => {});
  const shown: string[] = [];
  const failures = new Failures((text) => shown.push(text));
  failures.tell('Error: a\n    at frame');
  failures.tell('Error: a\n    at frame');
  failures.tell('Error: b');
  assert.deepEqual(shown, ['Something failed: Error: a', 'Something failed: Error: b']);
  assert.deepEqual(
    log.mock.calls.map(({ arguments: [text] }) => text),
    ['the worker failed: Error: a\n    at frame', 'the worker failed: Error: b'],
  );
});
