// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

/** What a packet holds: samples, or a document about them. */
export const DATA = 1;
export const METADATA = 2;

/** Receives packets; the payload is part of the message, and valid as long as that is kept. */
export type PacketHandler = (type: number, signo: number, payload: Uint8Array) => void;

const NONE = new Uint8Array(0);

/**
 * Takes messages apart into packets. A message may hold several packets, and a packet may go over
 * several messages; a message that is whole by itself ends what was unfinished.
 */
export class PacketReader {
  private rest = NONE;

  /** Packets that were left out: unknown type, reserved bits, or too large. */
  skipped = 0;

  constructor(
    private readonly handler: PacketHandler,
    private readonly limitBytes = 16 * 1024 * 1024,
  ) {}

  read(message: ArrayBuffer): void {
    let bytes = new Uint8Array(message);
    if (this.rest.length > 0) {
      if (isWhole(bytes)) {
        this.skipped++;
      } else if (this.rest.length + bytes.length <= this.limitBytes) {
        const joined = new Uint8Array(this.rest.length + bytes.length);
        joined.set(this.rest);
        joined.set(bytes, this.rest.length);
        bytes = joined;
      } else {
        this.skipped++;
      }
      this.rest = NONE;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at < bytes.length) {
      const header = headerAt(view, at);
      if (header === undefined || header.end > bytes.length) {
        this.keep(bytes, at, header?.size ?? 0);
        return;
      }
      const type = (header.word >>> 28) & 3;
      if (header.word >>> 30 === 0 && (type === DATA || type === METADATA)) {
        this.handler(type, header.word & 0xfffff, bytes.subarray(header.start, header.end));
      } else {
        this.skipped++;
      }
      at = header.end;
    }
  }

  private keep(bytes: Uint8Array, at: number, size: number): void {
    if (size > this.limitBytes) {
      this.skipped++;
    } else {
      this.rest = bytes.slice(at);
    }
  }
}

interface Header {
  word: number;
  size: number;
  start: number;
  end: number;
}

function headerAt(view: DataView, at: number): Header | undefined {
  if (view.byteLength - at < 4) return undefined;
  const word = view.getUint32(at, true);
  const short = (word >>> 20) & 0xff;
  if (short !== 0) return { word, size: short, start: at + 4, end: at + 4 + short };
  if (view.byteLength - at < 8) return undefined; // or an empty packet, which nobody misses
  const size = view.getUint32(at + 4, true);
  const type = size >>> 28;
  if (type === DATA || type === METADATA) {
    return { word, size: 0, start: at + 4, end: at + 4 }; // the next header, no length
  }
  return { word, size, start: at + 8, end: at + 8 + size };
}

/** Whether a message is a chain of packets from its first byte to its last. */
function isWhole(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const header = headerAt(view, at);
    if (header === undefined || header.end > bytes.length) return false;
    const type = header.word >>> 28;
    if (type !== DATA && type !== METADATA) return false;
    at = header.end;
  }
  return true;
}
