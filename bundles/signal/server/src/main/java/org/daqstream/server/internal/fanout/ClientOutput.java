/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.protocol.FrameHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * The one way of bytes to a client's socket; belongs to the fan-out thread. What is put is
 * collected in a buffer that all clients share in turn, and leaves in large writes. What the socket
 * does not take stays here as {@link #pending}, so the shared buffer is always empty for the next
 * client. Nothing but whole frames is put, so the rest of a frame that was sent in part is always
 * here and never in the log.
 */
public final class ClientOutput {
  /** The largest message of several packets. */
  public static final int LARGEST_MESSAGE_BYTES = PacketJoiner.MESSAGE_BYTES;

  private static final int HEAP_WRITE_BYTES = 64 * 1024;
  private static final byte[] NOTHING = {};
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final EndPoint endPoint;
  private final ByteBuffer shared;
  private final int pendingLimitBytes;
  private final ByteBuffer[] single = new ByteBuffer[1];
  private final List<Callback> whenFlushed = new ArrayList<>(2);
  private byte[] pending = NOTHING;
  private int pendingFrom;
  private int pendingTo;
  private SelectionKey writeInterest;
  private boolean blocked;

  /** The end point took bytes that it could not send yet, as a part of a record of TLS. */
  private boolean withheld;

  private long sentBytes;
  private PacketJoiner joiner; // null: one packet in a message

  /** More waits for the client than the server keeps. */
  static final class OverflowException extends IOException {
    private static final long serialVersionUID = 1L;

    OverflowException(String message) {
      super(message);
    }
  }

  /**
   * The output of one client, which alone writes to the end point, through an empty buffer that all
   * outputs of the thread share; nothing more is kept for a client once more than the limit waits.
   */
  ClientOutput(EndPoint endPoint, ByteBuffer shared, int pendingLimitBytes) {
    this.endPoint = endPoint;
    this.shared = shared;
    this.pendingLimitBytes = pendingLimitBytes;
  }

  /** The socket takes bytes again. */
  void writable() {
    blocked = false;
  }

  /** Whether the socket took no more, until it is {@link #writable} again. */
  public boolean isBlocked() {
    return blocked;
  }

  public long sentBytes() {
    return sentBytes;
  }

  public int pendingBytes() {
    return pendingTo - pendingFrom;
  }

  /** All bytes so far, those included that have not left; while this client is served. */
  long putBytes() {
    return sentBytes + pendingBytes() + shared.position();
  }

  /**
   * From now on small packets that are put one behind the other, without a flush between, leave in
   * one message.
   *
   * @param messageBytes the largest one; 0 for one packet in a message
   */
  void join(int messageBytes) {
    completeMessage();
    joiner = messageBytes == 0 ? null : new PacketJoiner(shared, messageBytes);
  }

  /** Puts a binary WebSocket message that holds one packet. */
  void putPacket(byte[] packet) throws IOException {
    putFrame(FrameHeader.BINARY, packet);
  }

  void putFrame(int opcode, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(FrameHeader.bytes(payload.length) + payload.length);
    FrameHeader.put(frame, opcode, payload.length);
    put(frame.put(payload).flip());
  }

  /** Puts whole frames. */
  void put(ByteBuffer frames) throws IOException {
    if (joiner != null) {
      putJoined(frames);
      if (!frames.hasRemaining()) {
        return;
      }
    }
    putUnchanged(frames);
  }

  /**
   * Sends whole frames as they stand in the log, without a copy, or joined where they are small;
   * what remains in them was not taken, and the output is blocked or has kept a part.
   */
  void putRun(ByteBuffer frames, int count) throws IOException {
    if (joiner != null && frames.remaining() / count < PacketJoiner.LARGE_BYTES) {
      if (pendingBytes() == 0 || flush()) {
        putJoined(frames);
      }
    } else if (flush()) {
      writeDirect(frames);
    }
  }

  /** Puts one large frame, of which the headers stand apart; it is not joined. */
  void putFrame(ByteBuffer headers, ByteBuffer payload) throws IOException {
    completeMessage();
    putUnchanged(headers);
    if (payload.remaining() > shared.remaining() && flush()) {
      writeDirect(payload);
    }
    if (payload.hasRemaining()) {
      putUnchanged(payload);
    }
  }

  private void putJoined(ByteBuffer frames) throws IOException {
    while (frames.hasRemaining() && !mustKeep()) {
      int alone = joiner.take(frames);
      if (alone > 0) {
        completeMessage();
        int limit = frames.limit();
        putUnchanged(frames.limit(frames.position() + alone));
        frames.limit(limit);
      } else if (frames.hasRemaining()) {
        writeShared();
      }
    }
  }

  private void completeMessage() {
    if (joiner != null) {
      joiner.complete();
    }
  }

  private void putUnchanged(ByteBuffer bytes) throws IOException {
    if (!mustKeep() && bytes.remaining() > shared.remaining()) {
      writeShared();
    }
    if (mustKeep() || bytes.remaining() > shared.remaining()) {
      keep(bytes);
    } else {
      shared.put(bytes);
    }
  }

  /**
   * Whether the shared buffer is not for this client now. A socket may be full with nothing pending
   * when it took whole frames; what is put then would be left over in the buffer for others.
   */
  private boolean mustKeep() {
    return blocked || pendingBytes() > 0;
  }

  /**
   * Writes bytes straight to the socket, only after {@link #flush} returned true; what remains in
   * them was not taken, and the output is blocked.
   */
  void writeDirect(ByteBuffer bytes) throws IOException {
    write(bytes);
    blocked = bytes.hasRemaining() || withheld;
  }

  /** Keeps bytes that must leave before anything else, unless more than the limit waits already. */
  void keep(ByteBuffer bytes) throws OverflowException {
    if (pendingBytes() > pendingLimitBytes) {
      throw new OverflowException(
          "more than " + pendingLimitBytes + " bytes wait for it (key pendingBytes)");
    }
    int needed = bytes.remaining();
    if (pendingTo + needed > pending.length) {
      int held = pendingBytes();
      byte[] larger =
          held + needed > pending.length
              ? new byte[Math.max(1024, held + needed + held / 2)]
              : pending;
      System.arraycopy(pending, pendingFrom, larger, 0, held);
      pending = larger;
      pendingFrom = 0;
      pendingTo = held;
    }
    bytes.get(pending, pendingTo, needed);
    pendingTo += needed;
  }

  /** Calls back once everything put so far is with the operating system. */
  void whenFlushed(Callback callback) {
    whenFlushed.add(callback);
  }

  /** Sends what was put; false when the output is blocked before the system has all. */
  boolean flush() throws IOException {
    if (withheld) {
      write(EMPTY);
    }
    if (!withheld) {
      writePending();
    }
    if (pendingBytes() == 0) {
      writeShared();
    }
    blocked = pendingBytes() > 0 || withheld;
    if (!blocked && !whenFlushed.isEmpty()) {
      List<Callback> done = List.copyOf(whenFlushed);
      whenFlushed.clear();
      done.forEach(Callback::succeeded);
    }
    return !blocked;
  }

  private void writePending() throws IOException {
    while (pendingBytes() > 0) {
      int n = Math.min(pendingBytes(), HEAP_WRITE_BYTES);
      ByteBuffer piece = ByteBuffer.wrap(pending, pendingFrom, n);
      write(piece);
      pendingFrom += n - piece.remaining();
      if (piece.hasRemaining()) {
        return;
      }
    }
    pending = NOTHING;
    pendingFrom = 0;
    pendingTo = 0;
  }

  private void writeShared() throws IOException {
    if (shared.position() == 0) {
      return;
    }
    completeMessage();
    shared.flip();
    try {
      write(shared);
      if (shared.hasRemaining()) {
        keep(shared);
        blocked = true;
      }
      blocked |= withheld;
    } finally {
      shared.clear();
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    int before = bytes.remaining();
    single[0] = bytes;
    withheld = !endPoint.flush(single) && !bytes.hasRemaining();
    sentBytes += before - bytes.remaining();
  }

  /** Has the selector tell when the socket takes bytes again, or no more of that. */
  void watch(Selector selector, Object attachment) throws IOException {
    if (blocked && writeInterest == null) {
      EndPoint bare = endPoint instanceof EndPoint.Wrapper tls ? tls.unwrap() : endPoint;
      SocketChannel channel = (SocketChannel) bare.getTransport();
      writeInterest = channel.register(selector, SelectionKey.OP_WRITE, attachment);
    } else if (writeInterest != null && writeInterest.isValid()) {
      int wanted = blocked ? SelectionKey.OP_WRITE : 0;
      if (writeInterest.interestOps() != wanted) {
        writeInterest.interestOps(wanted);
      }
    }
  }

  /** Forgets everything; callbacks fail. The shared buffer is left empty. */
  void abort(Throwable cause) {
    shared.clear();
    if (joiner != null) {
      joiner.clear();
    }
    pending = NOTHING;
    pendingFrom = 0;
    pendingTo = 0;
    blocked = false;
    withheld = false;
    if (writeInterest != null) {
      writeInterest.cancel();
    }
    List<Callback> failed = List.copyOf(whenFlushed);
    whenFlushed.clear();
    failed.forEach(callback -> callback.failed(cause));
  }
}
