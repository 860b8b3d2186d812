// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { Csv, Frame, Spectrum, ToWorker } from '../shared/messages';
import { Engine } from './engine';

/** The scope of a worker, as far as it is used. */
interface Scope {
  onmessage: ((event: { data: ToWorker }) => void) | null;
  postMessage(message: Frame | Spectrum | Csv, transfer: ArrayBufferLike[]): void;
}

const scope = self as unknown as Scope;
const TICK_MS = 500;

const address = new URL('/', self.location.href);
address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
const engine = new Engine(address.href);
setInterval(() => engine.tick(), TICK_MS);

scope.onmessage = ({ data }) => {
  switch (data.kind) {
    case 'want':
      engine.wants(data);
      break;
    case 'retry':
      engine.retry();
      break;
    case 'spectrum':
      scope.postMessage(engine.spectrum(data), []);
      break;
    case 'csv':
      scope.postMessage(engine.csv(data.from, data.to), []);
      break;
    case 'ask': {
      const frame = engine.frame(data);
      const arrays = (frame.plots ?? []).flatMap((plot) => [
        plot.xs.buffer,
        ...plot.ys.map((y) => y.buffer),
        ...plot.traces.flatMap(({ picture }) => (picture === undefined ? [] : [picture.cells.buffer])),
      ]);
      scope.postMessage(frame, arrays);
      break;
    }
  }
};
