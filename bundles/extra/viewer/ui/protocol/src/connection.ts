// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

import type { Description } from './description.js';
import { listOf, writeMessage } from './metadata.js';
import { Session, type Block, type Loss } from './session.js';

/** What a WebSocket of browsers and of Node has, as far as it is needed here. */
export interface Socket {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export type State = 'connecting' | 'connected' | 'waiting' | 'closed';

/** What a connection tells. An exception of a listener is counted, and ends nothing. */
export interface Listener {
  /** With the reason, in words, when there is no connection. */
  state?(state: State, reason: string, retryMs: number): void;
  /** Signals that can be subscribed to now, over those told before. */
  available?(ids: readonly string[]): void;
  unavailable?(ids: readonly string[]): void;
  described?(id: string, description: Description): void;
  block?(block: Block): void;
  /** A hole that the server tells of, directly before the block behind it. */
  loss?(id: string, loss: Loss): void;
  /** The signal ended, or the connection did: what comes next does not continue. */
  ended?(id: string): void;
  /** The server does not know the signal, or not the contract. */
  refused?(id: string): void;
}

export interface Options {
  /** Makes the socket; by default a WebSocket of the global scope. */
  open?: (url: string) => Socket;
  /** Wait before the first new try; doubled each time. */
  retryMs?: number;
  retryMaxMs?: number;
  /** How a server that can is to send (protocol section 2.9). */
  delivery?: Delivery;
}

export interface Delivery {
  /** The largest message of several packets; 0 for one packet in each. */
  messageBytes?: number;
  /** The most that may be on its way to this side; 0 for no bound. */
  aheadBytes?: number;
  /** How old samples may be; older ones are left out, and told as lost. 0 for any age. */
  lagMs?: number;
}

const CONTRACT = '?contract=';
const COMMAND_LENGTH = 16_000;
const ANSWER_MS = 20_000;
const COALESCE_MS = 20;
const LAG_KEPT_MS = 5000;
const DELIVERY = { messageBytes: 65_535, aheadBytes: 4 * 1024 * 1024, lagMs: 0 };

/**
 * A connection that comes back: keeps what is wanted, subscribes to it when the server is there and
 * again when it is back.
 */
export class Connection {
  private readonly open: (url: string) => Socket;
  private readonly retryMs: number;
  private readonly retryMaxMs: number;
  private readonly delivery: Required<Delivery>;
  private readonly wanted = new Set<string>();
  /** What the server was asked for in this session. */
  private readonly asked = new Set<string>();
  private socket: Socket | undefined;
  private session: Session | undefined;
  private offered = new Set<string>();
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private flushTimer: ReturnType<typeof setTimeout> | undefined;
  private commandNumber = 0;
  private pending: { number: number; verb: string; ids: string[]; since: number } | undefined;
  private isClosed = false;

  /** Exceptions of the listener. */
  listenerFaults = 0;
  /** Bytes and messages that came. */
  bytes = 0;
  messages = 0;
  private lag: number | undefined;
  private lagToldAt = 0;

  constructor(
    private readonly url: string,
    private readonly listener: Listener,
    options: Options = {},
  ) {
    this.open = options.open ?? ((u) => new WebSocket(u) as unknown as Socket);
    this.retryMs = options.retryMs ?? 250;
    this.retryMaxMs = options.retryMaxMs ?? 10_000;
    this.delivery = { ...DELIVERY, ...options.delivery };
    this.connect();
  }

  /** What could not be read, in this session. */
  get faults(): number {
    return this.session?.faults ?? 0;
  }

  /**
   * How old samples were when this side had done with them, by the server's clock; undefined if it
   * was not told lately, as when nothing comes.
   */
  get lagMs(): number | undefined {
    return Date.now() - this.lagToldAt < LAG_KEPT_MS ? this.lag : undefined;
  }

  /** Wants a signal: its id, with a contract behind it or not. */
  subscribe(id: string): void {
    this.wanted.add(id);
    this.flushSoon();
  }

  unsubscribe(id: string): void {
    this.wanted.delete(id);
    this.flushSoon();
  }

  isAvailable(id: string): boolean {
    return this.offered.has(id);
  }

  /** Tries at once when it waits to. */
  retry(): void {
    if (this.timer !== undefined) {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.connect();
    }
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    clearTimeout(this.flushTimer);
    const socket = this.socket;
    this.lost('closed');
    socket?.close();
  }

  private tell(call: () => void): void {
    try {
      call();
    } catch {
      this.listenerFaults++;
    }
  }

  private connect(): void {
    if (this.isClosed) return;
    this.tell(() => this.listener.state?.('connecting', '', 0));
    let socket: Socket;
    try {
      socket = this.open(this.url);
    } catch (e) {
      this.later(e instanceof Error ? e.message : 'no connection');
      return;
    }
    this.socket = socket;
    const session = new Session({
      ready: () => {
        this.tries = 0;
        if (session.messageBytes > 0) this.say('delivery', this.delivery);
        this.tell(() => this.listener.state?.('connected', '', 0));
        this.flushSoon();
      },
      available: (ids) => this.come(ids),
      unavailable: (ids) => this.go(ids),
      described: (id, description) => this.tell(() => this.listener.described?.(id, description)),
      subscribed: () => {},
      unsubscribed: (id) => this.end(id),
      block: (block) => this.tell(() => this.listener.block?.(block)),
      loss: (id, loss) => this.tell(() => this.listener.loss?.(id, loss)),
      response: (number, result, error) => this.answered(number, result, error),
      alive: () => {},
      mark: (number, lagMs) => {
        this.lag = number > 1 ? lagMs : undefined; // the first one comes before any is reached
        this.lagToldAt = Date.now();
        this.say('reached', { number });
      },
    });
    this.session = session;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = (event) => {
      if (this.socket !== socket || !(event.data instanceof ArrayBuffer)) return;
      this.bytes += event.data.byteLength;
      this.messages++;
      session.receive(event.data);
    };
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      const reason = event.reason ? event.reason.slice(0, 200) : 'no connection';
      this.lost(reason);
      this.later(event.code === 1006 || !event.code ? reason : event.code + ' ' + reason);
    };
    socket.onerror = () => {};
  }

  private come(ids: readonly string[]): void {
    for (const id of ids) this.offered.add(id);
    this.tell(() => this.listener.available?.(ids));
    this.flushSoon();
  }

  private go(ids: readonly string[]): void {
    for (const id of ids) {
      this.offered.delete(id);
      this.asked.delete(id);
    }
    const listed = ids.filter((id) => !id.includes(CONTRACT));
    if (listed.length > 0) this.tell(() => this.listener.unavailable?.(listed));
    this.flushSoon();
  }

  private end(id: string): void {
    this.asked.delete(id);
    this.tell(() => this.listener.ended?.(id));
    this.flushSoon();
  }

  private lost(reason: string): void {
    const asked = [...this.asked];
    const offered = [...this.offered];
    this.socket = undefined;
    this.session = undefined;
    this.pending = undefined;
    this.lag = undefined;
    this.asked.clear();
    this.offered.clear();
    for (const id of asked) this.tell(() => this.listener.ended?.(id));
    if (offered.length > 0) this.tell(() => this.listener.unavailable?.(offered));
    if (this.isClosed) this.tell(() => this.listener.state?.('closed', reason, 0));
  }

  private later(reason: string): void {
    if (this.isClosed) return;
    const most = Math.min(this.retryMaxMs, this.retryMs * 2 ** Math.min(this.tries++, 20));
    const wait = Math.round(most * (0.75 + Math.random() / 4)); // not all clients at one moment
    this.tell(() => this.listener.state?.('waiting', reason, wait));
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.connect();
    }, wait);
  }

  private flushSoon(): void {
    if (this.flushTimer === undefined && !this.isClosed) {
      this.flushTimer = setTimeout(() => {
        this.flushTimer = undefined;
        this.flush();
      }, COALESCE_MS);
    }
  }

  /** Sends the next command, if there is something to ask for and none is on its way. */
  private flush(): void {
    const sessionId = this.session?.sessionId;
    if (sessionId === undefined || this.socket === undefined) return;
    if (this.pending !== undefined && Date.now() - this.pending.since < ANSWER_MS) return;
    const gone = [...this.asked].filter((id) => !this.wanted.has(id) && !this.isStale(id));
    const fresh = [...this.wanted].filter((id) => !this.asked.has(id) && this.offered.has(sourceOf(id)));
    // What is new first: a signal that changes its contract has no moment without.
    if (fresh.length > 0) this.command(sessionId, 'subscribe', fresh);
    else if (gone.length > 0) this.command(sessionId, 'unsubscribe', gone);
  }

  private isStale(id: string): boolean {
    return !this.offered.has(sourceOf(id));
  }

  private command(sessionId: string, verb: string, ids: string[]): void {
    const now: string[] = [];
    let length = 0;
    for (const id of ids) {
      if (now.length > 0 && length + id.length > COMMAND_LENGTH) break;
      now.push(onWire(id));
      length += id.length + 5;
    }
    const taken = ids.slice(0, now.length);
    for (const id of taken) {
      if (verb === 'subscribe') this.asked.add(id);
      else this.asked.delete(id);
    }
    const number = ++this.commandNumber;
    this.pending = { number, verb, ids: taken, since: Date.now() };
    const method = sessionId + '.' + verb;
    if (!this.say('request', { id: number, jsonrpc: '2.0', method, params: now })) {
      this.pending = undefined;
    }
  }

  /** Sends a message of the session; false when the socket is closing, and will say so. */
  private say(method: string, params: unknown): boolean {
    try {
      this.socket!.send(writeMessage(method, params));
      return true;
    } catch {
      return false;
    }
  }

  private answered(number: number, result: unknown, error: string | undefined): void {
    const pending = this.pending;
    if (pending === undefined || pending.number !== number) return;
    this.pending = undefined;
    if (pending.verb === 'subscribe') {
      const results = listOf(result);
      pending.ids.forEach((id, i) => {
        if (error !== undefined || results[i] === false) {
          this.wanted.delete(id);
          this.asked.delete(id);
          this.tell(() => this.listener.refused?.(id));
        }
      });
    }
    this.flushSoon();
  }
}

/** The signal that an id with a contract is made of. */
export function sourceOf(id: string): string {
  const at = id.lastIndexOf(CONTRACT);
  return at < 0 ? id : id.slice(0, at);
}

export function latest(id: string, perSecond: number): string {
  return id + CONTRACT + 'latest&perSecond=' + rate(perSecond);
}

export function envelope(id: string, perSecond: number): string {
  return id + CONTRACT + 'envelope&perSecond=' + rate(perSecond);
}

function rate(perSecond: number): number {
  return Math.max(1, Math.min(1000, Math.round(perSecond)));
}

/** A plain id is asked for by the contract that lives with holes: a page may be slow. */
function onWire(id: string): string {
  return id.includes(CONTRACT) ? id : id + CONTRACT + 'gap';
}
