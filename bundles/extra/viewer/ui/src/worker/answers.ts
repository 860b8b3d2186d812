// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { FromWorker, ToWorker } from '../shared/messages';
import type { Engine } from './engine';

export type Post = (message: FromWorker, transfer: ArrayBufferLike[]) => void;

/** Takes what the page says. A failure is an answer too: without one the page would wait for ever. */
export async function take(started: Promise<Engine>, data: ToWorker, post: Post): Promise<void> {
  try {
    answer(await started, data, post);
  } catch (e) {
    post({ kind: 'failure', of: data.kind, text: textOf(e) }, []);
  }
}

/** What it says in the first line, and where it was; only some browsers have both in the stack. */
function textOf(e: unknown): string {
  const stack = (e instanceof Error && e.stack) || '';
  return stack.startsWith(String(e)) ? stack : e + '\n' + stack;
}

function answer(engine: Engine, data: ToWorker, post: Post): void {
  switch (data.kind) {
    case 'want':
      engine.wants(data);
      break;
    case 'retry':
      engine.retry();
      break;
    case 'spectrum':
      post(engine.spectrum(data), []);
      break;
    case 'csv':
      post(engine.csv(data.from, data.to), []);
      break;
    case 'ask': {
      const frame = engine.frame(data);
      const arrays = (frame.plots ?? []).flatMap((plot) => [
        plot.xs.buffer,
        ...plot.ys.map((y) => y.buffer),
        ...plot.traces.flatMap(({ picture }) => (picture === undefined ? [] : [picture.cells.buffer])),
      ]);
      post(frame, arrays);
      break;
    }
  }
}
