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

  /** Packet header. */
  private static final int NEEDED_BYTES = 8;

  /** The two numbers in front of a block. */
  private static final int NUMBERS_BYTES = 16;

  private static final int FINAL_BINARY = (byte) 0x82;

  final ByteChannel channel;
  private final int index;
  private final long modulus;
  private final int blockBytes;
  private final Counters counters;
  private final byte[] rest = new byte[HEADERS_MAX_BYTES];
  private long[] expected = {};
  private int restBytes;
  private int skipBytes;

  /** What has still to come of the blocks of a packet; 0 between packets. */
  private int payloadBytes;

  private int signo;
  private long blocks;
  private long bytes;
  private long errors;

  /**
   * Makes a connection.
   *
   * @param index its place in the counters
   * @param modulus block numbers begin again at 0 when they reach it
   * @param blockBytes size of the blocks of which a packet has one or several; 0 when a packet is a
   *     block
   */
  SinkConnection(ByteChannel channel, int index, long modulus, int blockBytes, Counters counters) {
    this.channel = channel;
    this.index = index;
    this.modulus = modulus;
    this.blockBytes = blockBytes;
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
    counters.set(index, blocks, bytes, ++errors);
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
    while (end > at) {
      int next = payloadBytes > 0 ? block(buffer, at, end, times, now) : header(buffer, at, end);
      if (next == at) {
        break;
      }
      skipBytes = Math.max(0, next - end);
      at = Math.min(next, end);
    }
    restBytes = end - at;
    buffer.get(at, rest, 0, restBytes);
    counters.set(index, blocks, bytes, errors);
  }

  /** Reads the headers of a packet; gives where it was when they are not all there. */
  private int header(ByteBuffer buffer, int at, int end) {
    if (end - at < 2) {
      return at;
    }
    int shortLength = buffer.get(at + 1) & 0x7F;
    int packetAt = at + (shortLength < 126 ? 2 : shortLength == 126 ? 4 : 10);
    if (packetAt + NEEDED_BYTES > end && !isWhole(buffer, at, packetAt, end)) {
      return at;
    }
    int next = packetAt + length(buffer, at, shortLength);
    if (buffer.get(at) != FINAL_BINARY) {
      errors++;
      return next;
    }
    int word = buffer.getInt(packetAt);
    if (word >>> 28 != 1) {
      return next;
    }
    int size = word >>> 20 & 0xFF;
    int payloadAt = packetAt + (size == 0 ? 8 : 4);
    int payload = size == 0 ? buffer.getInt(packetAt + 4) : size;
    if (payloadAt + payload != next) {
      errors++;
      return next;
    }
    signo = word & 0xFFFFF;
    if (signo >= expected.length || expected[signo] == UNWATCHED) {
      return next;
    }
    if (blockBytes > 0 && payload % blockBytes != 0) {
      errors++;
      return next;
    }
    payloadBytes = payload;
    return payloadAt;
  }

  /** Checks a block; gives where it was when its numbers are not there. */
  private int block(ByteBuffer buffer, int at, int end, Histogram times, long now) {
    int length = blockBytes == 0 ? payloadBytes : blockBytes;
    if (end - at < Math.min(length, NUMBERS_BYTES)) {
      return at;
    }
    long number = buffer.getLong(at);
    if (number != expected[signo] && expected[signo] != ANY) {
      errors++;
    }
    expected[signo] = number + 1 == modulus ? 0 : number + 1;
    blocks++;
    if (times != null) {
      times.record(now - buffer.getLong(at + Long.BYTES));
    }
    payloadBytes -= length;
    return at + length;
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
}
