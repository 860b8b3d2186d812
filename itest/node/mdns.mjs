// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

// Listens to mDNS on one interface and asks for streaming devices four times a second, from a port
// of its own as openDAQ clients do and from 5353 as mDNS hosts do. Prints a line for every record,
// and ends with its standard input, thus with whoever has started it.
// Node only, no library: node mdns.mjs <address of the interface>

import dgram from 'node:dgram';

const GROUP = '224.0.0.251';
const PORT = 5353;
const EVERY_MS = 250;
const TYPE = '_streaming-lt._tcp.local';
const local = process.argv[2] ?? '127.0.0.1';

function question(id) {
  const labels = TYPE.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  return Buffer.from([id >> 8, id & 255, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 12, 0, 1]);
}

/** A name at an offset: its text, and where what follows it begins. */
function readName(packet, start) {
  const labels = [];
  let next = -1;
  let at = start;
  for (let length = packet[at]; length > 0; length = packet[at]) {
    if (length >= 0xc0) {
      next = next < 0 ? at + 2 : next;
      at = packet.readUInt16BE(at) & 0x3fff;
    } else {
      labels.push(packet.toString('utf8', at + 1, at + 1 + length));
      at += 1 + length;
    }
  }
  return { name: labels.join('.'), next: next < 0 ? at + 1 : next };
}

function readData(packet, type, at, length) {
  switch (type) {
    case 1:
      return `A ${[...packet.subarray(at, at + 4)].join('.')}`;
    case 12:
      return `PTR ${readName(packet, at).name}`;
    case 16: {
      const strings = [];
      for (let i = at; i < at + length; i += 1 + packet[i]) {
        strings.push(packet.toString('utf8', i + 1, i + 1 + packet[i]));
      }
      return `TXT ${strings.join(' ')}`;
    }
    case 28:
      return `AAAA ${packet.toString('hex', at, at + 16)}`;
    case 33:
      return `SRV ${packet.readUInt16BE(at + 4)} ${readName(packet, at + 6).name}`;
    default:
      return `type ${type}`;
  }
}

function print(how, packet) {
  if (!(packet[2] & 0x80)) {
    return;
  }
  let at = 12;
  for (let questions = packet.readUInt16BE(4); questions > 0; questions--) {
    at = readName(packet, at).next + 4;
  }
  const records = packet.readUInt16BE(6) + packet.readUInt16BE(8) + packet.readUInt16BE(10);
  for (let i = 0; i < records; i++) {
    const { name, next } = readName(packet, at);
    const type = packet.readUInt16BE(next);
    const ttl = packet.readUInt32BE(next + 4);
    const length = packet.readUInt16BE(next + 8);
    const data = readData(packet, type, next + 10, length);
    console.log(`${how} id ${packet.readUInt16BE(0)} ttl ${ttl} ${name} ${data}`);
    at = next + 10 + length;
  }
}

function open(port, how, then) {
  const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
  socket.on('message', (packet) => print(how, packet));
  socket.bind(port, () => {
    socket.setMulticastInterface(local);
    socket.setMulticastTTL(255);
    then(socket);
  });
}

open(PORT, 'multicast', (socket) => {
  socket.addMembership(GROUP, local);
  setInterval(() => {
    console.log('asks');
    socket.send(question(0), PORT, GROUP);
  }, EVERY_MS);
});
open(0, 'unicast', (socket) => setInterval(() => socket.send(question(4711), PORT, GROUP), EVERY_MS));
process.stdin.resume().on('end', () => process.exit());
