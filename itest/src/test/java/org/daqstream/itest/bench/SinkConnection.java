/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Arrays;
import java.util.Collection;

/**
 * One receiving connection: reads WebSocket and packet headers in place and checks that the first
 * number in each block of a signal is one more than that in the block before. Block contents behind
 * it are skipped. Belongs to the sinks' thread.
 */
final class SinkConnection {
  private static final int UNWATCHED = -2;
  private static final int ANY = -1;
  private static final int HEADERS_MAX_BYTES = 40;

  /** Packet header and the two numbers in front of a block. */
  private static final int NEEDED_BYTES = 24;

  private static final int FINAL_BINARY = (byte) 0x82;

  final ByteChannel channel;
  private final int index;
  private final long modulus;
  private final Counters counters;
  private final byte[] rest = new byte[HEADERS_MAX_BYTES];
  private long[] expected = {};
  private int restBytes;
  private int skipBytes;
  private long packets;
  private long bytes;
  private long errors;

  /**
   * Makes a connection.
   *
   * @param index its place in the counters
   * @param modulus block numbers begin again at 0 when they reach it
   */
  SinkConnection(ByteChannel channel, int index, long modulus, Counters counters) {
    this.channel = channel;
    this.index = index;
    this.modulus = modulus;
    this.counters = counters;
  }

  /** Names the signals whose blocks are numbered and counted. */
  void watch(Collection<Integer> signos) {
    for (int signo : signos) {
      if (signo >= expected.length) {
        int old = expected.length;
        expected = Arrays.copyOf(expected, signo + 1);
        Arrays.fill(expected, old, expected.length, UNWATCHED);
      }
      expected[signo] = ANY;
    }
  }

  /** The server closed the connection, which is an error. */
  void lost() throws IOException {
    channel.close();
    counters.set(index, packets, bytes, ++errors);
  }

  /** Puts what was left of the last read in front of the next one. */
  void putRest(ByteBuffer buffer) {
    buffer.put(rest, 0, restBytes);
    bytes -= restBytes;
  }

  /**
   * Takes what arrived.
   *
   * @param buffer little endian, position at 0; nothing of it is needed afterwards
   * @param times where the age of blocks goes, {@code null} for nowhere
   */
  void received(ByteBuffer buffer, Histogram times) {
    int end = buffer.limit();
    bytes += end;
    int at = Math.min(skipBytes, end);
    skipBytes -= at;
    long now = times == null ? 0 : System.nanoTime();
    while (end - at >= 2) {
      int shortLength = buffer.get(at + 1) & 0x7F;
      int packetAt = at + (shortLength < 126 ? 2 : shortLength == 126 ? 4 : 10);
      if (packetAt + NEEDED_BYTES > end && !isWhole(buffer, at, packetAt, end)) {
        break;
      }
      int next = packetAt + length(buffer, at, shortLength);
      packet(buffer, at, packetAt, next, times, now);
      at = next;
      if (next > end) {
        skipBytes = next - end;
        at = end;
      }
    }
    restBytes = end - at;
    buffer.get(at, rest, 0, restBytes);
    counters.set(index, packets, bytes, errors);
  }

  private static int length(ByteBuffer buffer, int at, int shortLength) {
    if (shortLength < 126) {
      return shortLength;
    }
    if (shortLength == 126) {
      return Short.reverseBytes(buffer.getShort(at + 2)) & 0xFFFF;
    }
    return (int) Long.reverseBytes(buffer.getLong(at + 2));
  }

  private static boolean isWhole(ByteBuffer buffer, int at, int packetAt, int end) {
    return packetAt <= end && packetAt + length(buffer, at, buffer.get(at + 1) & 0x7F) <= end;
  }

  private void packet(
      ByteBuffer buffer, int at, int packetAt, int next, Histogram times, long now) {
    if (buffer.get(at) != FINAL_BINARY) {
      errors++;
      return;
    }
    int word = buffer.getInt(packetAt);
    if (word >>> 28 != 1) {
      return;
    }
    int size = word >>> 20 & 0xFF;
    int payloadAt = packetAt + (size == 0 ? 8 : 4);
    if (payloadAt + (size == 0 ? buffer.getInt(packetAt + 4) : size) != next) {
      errors++;
      return;
    }
    int signo = word & 0xFFFFF;
    if (signo >= expected.length || expected[signo] == UNWATCHED) {
      return;
    }
    long number = buffer.getLong(payloadAt);
    if (number != expected[signo] && expected[signo] != ANY) {
      errors++;
    }
    expected[signo] = number + 1 == modulus ? 0 : number + 1;
    packets++;
    if (times != null) {
      times.record(now - buffer.getLong(payloadAt + Long.BYTES));
    }
  }
}
