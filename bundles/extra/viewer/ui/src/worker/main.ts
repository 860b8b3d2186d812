// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { FromWorker, ToWorker } from '../shared/messages';
import { take, type Post } from './answers';
import { Engine } from './engine';

/** The scope of a worker, as far as it is used. */
interface Scope {
  onmessage: ((event: { data: ToWorker }) => void) | null;
  postMessage(message: FromWorker, transfer: ArrayBufferLike[]): void;
}

const scope = self as unknown as Scope;
const TICK_MS = 500;

/** The server may take connections at a path of its own. */
async function serverAddress(): Promise<string> {
  const address = new URL('/', self.location.href);
  try {
    const answer = await fetch('/viewer/paths.json');
    const paths = (await answer.json()) as { [port: string]: string };
    const different = [...new Set(Object.values(paths))];
    // Behind a port that was mapped the server does not know its own.
    address.pathname = paths[address.port] ?? (different.length === 1 ? different[0]! : '/');
  } catch {
    // as most servers do
  }
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}

const started = serverAddress().then((address) => {
  const engine = new Engine(address);
  setInterval(() => engine.tick(), TICK_MS);
  return engine;
});

const post: Post = (message, transfer) => scope.postMessage(message, transfer);
scope.onmessage = ({ data }) => void take(started, data, post);
