/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.daqstream.transport.nng.internal.Frame.Chunk;

/**
 * One connection of an output with the frames it has claimed. Sending thread only. What the puller
 * sends is read and thrown away.
 */
final class PushPipe {

  /** Claims no more than this ahead, so that a slow puller does not hold what others could take. */
  private static final int WINDOW_BYTES = 64 * 1024;

  /** Shorter runs of bytes are copied together. */
  private static final int DIRECT_BYTES = 16 * 1024;

  final Dialler dialler;
  final long peerId;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final FrameList claimed = new FrameList();
  private long claimedBytes;
  private boolean blocked;

  PushPipe(Dialler dialler, SocketChannel channel, SelectionKey key, long peerId) {
    this.dialler = dialler;
    this.channel = channel;
    this.key = key;
    this.peerId = peerId;
  }

  /** Whether it can take another frame. */
  boolean hasRoom() {
    return !blocked && claimedBytes < WINDOW_BYTES;
  }

  void claim(Frame frame) {
    claimed.add(frame);
    claimedBytes += frame.unsent;
  }

  /**
   * Writes once, if there is something and the channel takes it.
   *
   * @param staging a direct buffer to copy short runs into
   * @return whether anything was written
   */
  boolean write(FrameQueue queue, ByteBuffer staging) throws IOException {
    if (blocked || claimed.isEmpty()) {
      return false;
    }
    ByteBuffer bytes = nextBytes(staging);
    int count = channel.write(bytes);
    if (bytes.hasRemaining()) {
      blocked = true;
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
    if (count > 0) {
      claimedBytes -= count;
      queue.sent(claimed, count);
    }
    return count > 0;
  }

  /** The channel takes bytes again. */
  void writable() {
    blocked = false;
    key.interestOps(SelectionKey.OP_READ);
  }

  private ByteBuffer nextBytes(ByteBuffer staging) {
    Frame frame = claimed.first();
    Chunk chunk = frame.chunk;
    int from = frame.at;
    int to = from;
    while (frame != null && frame.chunk == chunk && frame.at == to && to < Chunk.BYTES) {
      to += (int) Math.min(frame.unsent, Chunk.BYTES - to);
      frame = frame.next;
    }
    int run = to - from;
    return run == claimedBytes || run >= DIRECT_BYTES ? chunk.view(from, to) : stage(staging);
  }

  private ByteBuffer stage(ByteBuffer staging) {
    staging.clear();
    for (Frame frame = claimed.first(); frame != null; frame = frame.next) {
      Chunk chunk = frame.chunk;
      int at = frame.at;
      long left = frame.unsent;
      while (left > 0) {
        int count = (int) Math.min(left, Math.min(Chunk.BYTES - at, staging.remaining()));
        staging.put(staging.position(), chunk.bytes, at, count);
        staging.position(staging.position() + count);
        if (!staging.hasRemaining()) {
          return staging.flip();
        }
        left -= count;
        chunk = chunk.next;
        at = 0;
      }
    }
    return staging.flip();
  }

  /**
   * Reads what the puller sent and forgets it.
   *
   * @return false when the puller has closed
   */
  boolean discard(ByteBuffer rubbish) throws IOException {
    rubbish.clear();
    return channel.read(rubbish) >= 0;
  }

  /** Gives back what was not begun, and drops what was. */
  void giveBack(FrameQueue queue, FrameList ready) {
    if (!claimed.isEmpty() && claimed.first().isBegun()) {
      queue.drop(claimed.removeFirst());
    }
    ready.addAllFirst(claimed);
  }

  /** Closes the connection so that the puller still gets everything written. */
  void close(ByteBuffer rubbish) {
    Channels.closeWithFin(channel, rubbish);
  }
}
