/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds the packets in the payloads of WebSocket messages (protocol sections 1.3, 1.6): several in
 * one message, one over several messages. Nothing that comes in stops it: packets that are unknown,
 * too large or cut off are left out and counted.
 *
 * <p>A packet that is cut off at the end of a message goes on in the next one, unless that one
 * begins anew: a message that is a chain of whole packets, or a word that can be a header but no
 * length, ends the old packet.
 *
 * <p>One reader serves one connection and one thread; its counters belong to that thread too. It
 * allocates only for packets over several messages, and then as much as has arrived.
 */
public final class PacketReader {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final long INCOMPLETE = -1;
  private static final long OVERSIZE = -2;

  private final int packetLimitBytes;
  private final PacketListener listener;

  /** The beginning of a packet whose end has not arrived: from 0 to position. */
  private ByteBuffer begun = NOTHING;

  /** After something unreadable: everything up to the next message is dropped. */
  private boolean lost;

  private long packets;
  private long unknownPackets;
  private long oversizePackets;
  private long truncatedPackets;

  /**
   * A reader for one connection.
   *
   * @param limits {@link Limits#packetBytes} bounds the packets
   * @param listener takes the packets
   */
  public PacketReader(Limits limits, PacketListener listener) {
    this.packetLimitBytes = limits.packetBytes();
    this.listener = listener;
  }

  /**
   * Takes the next bytes of the connection.
   *
   * @param part bytes from position to limit; all are consumed
   * @param startsMessage whether they are the first ones of a message
   */
  public void read(ByteBuffer part, boolean startsMessage) {
    ByteOrder order = part.order();
    int end = part.limit();
    try {
      readPart(part.order(ByteOrder.LITTLE_ENDIAN), startsMessage);
    } finally {
      part.order(order).limit(end).position(end);
    }
  }

  private void readPart(ByteBuffer source, boolean startsMessage) {
    if (startsMessage) {
      lost = false;
      if (begun.position() > 0 && beginsAnew(source)) {
        truncatedPackets++;
        forgetBegun();
      }
    }
    if (lost) {
      return;
    }
    if (begun.position() > 0 && !complete(source)) {
      return;
    }
    readPackets(source);
    if (source.hasRemaining() && !lost) {
      append(source, source.remaining());
    }
  }

  /**
   * Takes a whole message by itself, as a server does: what is cut off at its end is left out.
   *
   * @param message bytes from position to limit; all are consumed
   */
  public void readMessage(ByteBuffer message) {
    ByteOrder order = message.order();
    int end = message.limit();
    try {
      lost = false;
      readPackets(message.order(ByteOrder.LITTLE_ENDIAN));
      if (message.hasRemaining() && !lost) {
        truncatedPackets++;
      }
    } finally {
      message.order(order).limit(end).position(end);
    }
  }

  /** Delivered packets. */
  public long packets() {
    return packets;
  }

  /** Packets left out because their type is not known or a reserved bit is set. */
  public long unknownPackets() {
    return unknownPackets;
  }

  /** Packets left out because of their declared size. */
  public long oversizePackets() {
    return oversizePackets;
  }

  /** Packets left out because their end never came. */
  public long truncatedPackets() {
    return truncatedPackets;
  }

  /** Delivers the whole packets; the source is left at the first one that is not whole. */
  private void readPackets(ByteBuffer source) {
    while (!lost) {
      long packetBytes = packetBytes(source, source.position(), source.remaining());
      if (packetBytes == INCOMPLETE) {
        return;
      }
      if (packetBytes == OVERSIZE) {
        oversizePackets++;
        lost = true;
        return;
      }
      if (packetBytes > source.remaining()) {
        if (!PacketHeader.isKnown(source.getInt(source.position()))) {
          unknownPackets++;
          lost = true;
        }
        return;
      }
      deliver(source, source.position() + (int) packetBytes);
    }
  }

  /** Bytes of the packet at an index, {@link #INCOMPLETE} without a whole header. */
  private long packetBytes(ByteBuffer source, int at, int available) {
    if (available < PacketHeader.SHORT_BYTES) {
      return INCOMPLETE;
    }
    int size = PacketHeader.size(source.getInt(at));
    if (size > 0) {
      return size > packetLimitBytes ? OVERSIZE : PacketHeader.SHORT_BYTES + size;
    }
    if (available < PacketHeader.LONG_BYTES) {
      return INCOMPLETE;
    }
    long length = Integer.toUnsignedLong(source.getInt(at + PacketHeader.SHORT_BYTES));
    return length > packetLimitBytes ? OVERSIZE : PacketHeader.LONG_BYTES + length;
  }

  /** Delivers the packet up to an end, where the source is left. */
  private void deliver(ByteBuffer source, int packetEnd) {
    int at = source.position();
    int word = source.getInt(at);
    if (!PacketHeader.isKnown(word)) {
      unknownPackets++;
      source.position(packetEnd);
      return;
    }
    packets++;
    int headerBytes =
        PacketHeader.size(word) == 0 ? PacketHeader.LONG_BYTES : PacketHeader.SHORT_BYTES;
    int end = source.limit();
    source.limit(packetEnd).position(at + headerBytes);
    try {
      listener.packet(PacketHeader.signo(word), PacketHeader.typeAndReserved(word), source);
    } finally {
      source.order(ByteOrder.LITTLE_ENDIAN).limit(end).position(packetEnd);
    }
  }

  /** Adds to the begun packet; true when it is done and the source may hold further packets. */
  private boolean complete(ByteBuffer source) {
    long packetBytes = begunBytes();
    while (packetBytes == INCOMPLETE) {
      if (!source.hasRemaining()) {
        return false;
      }
      append(source, Math.min(source.remaining(), missingHeaderBytes()));
      packetBytes = begunBytes();
    }
    if (packetBytes == OVERSIZE) {
      oversizePackets++;
      lost = true;
      forgetBegun();
      return false;
    }
    if (!PacketHeader.isKnown(begun.getInt(0))) {
      unknownPackets++;
      lost = true;
      forgetBegun();
      return false;
    }
    append(source, (int) Math.min(source.remaining(), packetBytes - begun.position()));
    if (begun.position() < packetBytes) {
      return false;
    }
    ByteBuffer packet = begun.flip();
    forgetBegun();
    deliver(packet, (int) packetBytes);
    return true;
  }

  private long begunBytes() {
    return packetBytes(begun, 0, begun.position());
  }

  private int missingHeaderBytes() {
    int have = begun.position();
    return (have < PacketHeader.SHORT_BYTES ? PacketHeader.SHORT_BYTES : PacketHeader.LONG_BYTES)
        - have;
  }

  private void append(ByteBuffer source, int bytes) {
    if (begun.remaining() < bytes) {
      int room = Math.max(2 * begun.capacity(), begun.position() + bytes);
      begun = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN).put(begun.flip());
    }
    begun.put(source.slice(source.position(), bytes));
    source.position(source.position() + bytes);
  }

  private void forgetBegun() {
    begun = NOTHING;
  }

  /** Whether a new message does not go on with the begun packet. */
  private boolean beginsAnew(ByteBuffer message) {
    int at = message.position();
    if (begun.position() == PacketHeader.SHORT_BYTES
        && PacketHeader.size(begun.getInt(0)) == 0
        && message.remaining() >= PacketHeader.SHORT_BYTES) {
      // A bare header with size 0, as some peers send it for empty data: what follows is a length,
      // which is never as large as a header with its type bits.
      return PacketHeader.isKnown(message.getInt(at));
    }
    while (message.limit() - at >= PacketHeader.SHORT_BYTES
        && PacketHeader.isKnown(message.getInt(at))) {
      long packetBytes = packetBytes(message, at, message.limit() - at);
      if (packetBytes < 0 || packetBytes > message.limit() - at) {
        return false;
      }
      at += (int) packetBytes;
    }
    return at > message.position() && at == message.limit();
  }
}
