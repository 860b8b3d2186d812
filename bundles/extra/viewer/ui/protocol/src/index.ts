// Copyright the daqstream authors.
// SPDX-License-Identifier: Apache-2.0

export { Connection, envelope, latest, sourceOf } from './connection.js';
export type { Delivery, Listener, Options, Socket, State } from './connection.js';
export { Session } from './session.js';
export type { Block, Loss, SessionListener } from './session.js';
export { bytesOf, valueAt } from './description.js';
export type { Bit, Description, Dimension, Member, Unit } from './description.js';
export { format, numbersOf, sampleText, ticksOf } from './samples.js';
export type { Numbers } from './samples.js';
export { PacketReader } from './packets.js';
export { readMessage, writeMessage } from './metadata.js';
export { dateTime, duration, nanoseconds, ratio } from './time.js';
