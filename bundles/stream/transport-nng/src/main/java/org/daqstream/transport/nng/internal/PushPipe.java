/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.daqstream.socket.support.Link;
import org.daqstream.socket.support.OutputPeer;
import org.daqstream.transport.support.Chunk;

/** One connection of an output with the frames it has claimed. Sending thread only. */
final class PushPipe extends OutputPeer {

  /** Claims no more than this ahead, so that a slow puller does not hold what others could take. */
  static final int SHARED_WINDOW_BYTES = 64 * 1024;

  /** The window when there are no others. */
  static final int SOLE_WINDOW_BYTES = 1024 * 1024;

  /** Fewer bytes are copied together when they do not lie together. */
  private static final int DIRECT_BYTES = 16 * 1024;

  private static final int MOST_RUNS = SOLE_WINDOW_BYTES / Chunk.BYTES + 1;

  private final int windowBytes;
  private final FrameList claimed = new FrameList();
  private final ByteBuffer[] runs = new ByteBuffer[MOST_RUNS];
  private long claimedBytes;

  PushPipe(Link link, int windowBytes) {
    super(link);
    this.windowBytes = windowBytes;
  }

  /** Whether it can take another frame. */
  @Override
  public boolean hasRoom() {
    return !isBlocked() && claimedBytes < windowBytes;
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
    if (claimed.isEmpty()) {
      return false;
    }
    int runCount = gather(staging);
    long count = runCount == 1 ? link.write(runs[0]) : link.write(runs, 0, runCount);
    if (runs[runCount - 1].hasRemaining()) {
      block();
    }
    if (count > 0) {
      claimedBytes -= count;
      queue.sent(claimed, count);
    }
    return count > 0;
  }

  /**
   * The first of the claimed bytes: as they lie, unless that gives too few.
   *
   * @return how many of {@link #runs} there are
   */
  private int gather(ByteBuffer staging) {
    int count = 0;
    long bytes = 0;
    Chunk chunk = null;
    int from = 0;
    int to = 0;
    for (Frame frame = claimed.first(); frame != null; frame = frame.next) {
      Chunk piece = frame.chunk;
      int at = frame.at;
      for (long left = frame.unsent; left > 0; piece = piece.next()) {
        if (piece != chunk || at != to) {
          if (piece == chunk || count == runs.length) { // a chunk has one view
            return bytes < DIRECT_BYTES ? stage(staging) : count;
          }
          chunk = piece;
          from = at;
          to = at;
          count++;
        }
        int length = (int) Math.min(left, Chunk.BYTES - at);
        left -= length;
        bytes += length;
        to += length;
        at = 0;
        runs[count - 1] = chunk.view(from, to);
      }
    }
    return count;
  }

  private int stage(ByteBuffer staging) {
    copyTo(staging.clear());
    runs[0] = staging.flip();
    return 1;
  }

  private void copyTo(ByteBuffer staging) {
    for (Frame frame = claimed.first(); frame != null; frame = frame.next) {
      Chunk chunk = frame.chunk;
      int at = frame.at;
      long left = frame.unsent;
      while (left > 0) {
        int count = (int) Math.min(left, Math.min(Chunk.BYTES - at, staging.remaining()));
        staging.put(staging.position(), chunk.bytes, at, count);
        staging.position(staging.position() + count);
        if (!staging.hasRemaining()) {
          return;
        }
        left -= count;
        chunk = chunk.next();
        at = 0;
      }
    }
  }

  /** Gives back what was not begun, and drops what was. */
  void giveBack(FrameQueue queue, FrameList ready) {
    if (!claimed.isEmpty() && claimed.first().isBegun()) {
      queue.drop(claimed.removeFirst());
    }
    ready.addAllFirst(claimed);
  }
}
