/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.concurrent.atomic.LongAdder;
import org.daqstream.client.ClientStatistics;
import org.daqstream.protocol.FrameReader;
import org.daqstream.protocol.PacketReader;

/** Counters over all connections of a client; read by any thread. */
final class Traffic {
  final LongAdder connections = new LongAdder();
  final LongAdder receivedBytes = new LongAdder();
  final LongAdder samples = new LongAdder();
  final LongAdder gaps = new LongAdder();
  final LongAdder listenerFaults = new LongAdder();

  // Of connections that have ended, and of the one that is read.
  private Readers ended = new Readers(0, 0, 0, 0);
  private volatile Readers all = ended;

  private record Readers(long messages, long packets, long ignored, long bad) {
    Readers plus(Readers other) {
      return new Readers(
          messages + other.messages,
          packets + other.packets,
          ignored + other.ignored,
          bad + other.bad);
    }
  }

  /** Takes over the counters of the connection that is read; by the thread that reads it. */
  void count(FrameReader frames, PacketReader packets, RemoteSession session) {
    all = ended.plus(of(frames, packets, session));
  }

  /** Another connection begins; by the thread that reads. */
  void next() {
    ended = all;
  }

  private static Readers of(FrameReader frames, PacketReader packets, RemoteSession session) {
    return new Readers(
        frames.messages(),
        packets.packets(),
        session.ignoredPackets() + packets.unknownPackets() + frames.ignoredMessages(),
        session.badPackets() + packets.oversizePackets() + packets.truncatedPackets());
  }

  ClientStatistics statistics() {
    Readers now = all;
    return new ClientStatistics(
        connections.sum(),
        receivedBytes.sum(),
        now.messages,
        now.packets,
        samples.sum(),
        gaps.sum(),
        now.ignored,
        now.bad,
        listenerFaults.sum());
  }
}
