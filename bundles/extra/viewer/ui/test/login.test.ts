// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoginWatch } from '../src/page/login';

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a login that has ended is told from a server that is away, once for each try', async () => {
  const answers: (number | 'away')[] = ['away', 401, 503, 401];
  let asked = 0;
  const watch = new LoginWatch(async () => {
    const answer = answers[asked++]!;
    if (answer === 'away') throw new Error('Failed to fetch');
    return answer;
  });
  watch.look('connecting', 0);
  watch.look('connected', 0);
  await settled();
  assert.equal(asked, 0);
  for (const [i, isMissing] of [false, true, false, true].entries()) {
    for (let frame = 0; frame < 3; frame++) {
      watch.look('waiting', 1_000 + i);
      await settled();
      assert.equal(watch.isMissing, isMissing);
    }
    watch.look('connecting', 1_000 + i);
    assert.equal(watch.isMissing, isMissing, 'it is not known better yet');
    assert.equal(asked, i + 1);
  }
  watch.look('connected', 0);
  assert.equal(watch.isMissing, false);
});

test('an answer that comes late counts for nothing', async () => {
  const answer: ((status: number) => void)[] = [];
  const watch = new LoginWatch(() => new Promise((resolve) => answer.push(resolve)));
  watch.look('waiting', 1);
  watch.look('waiting', 2);
  answer[1]!(200);
  await settled();
  answer[0]!(401);
  await settled();
  assert.equal(watch.isMissing, false);
});
