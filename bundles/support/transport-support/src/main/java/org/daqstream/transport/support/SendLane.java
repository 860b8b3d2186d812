/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;

/** What one connection has claimed of {@link SendLanes}. For the sending thread only. */
public final class SendLane {

  /** Claims no more than this ahead, so that a slow peer does not hold what others could take. */
  private static final int WINDOW_BYTES = 64 * 1024;

  /** Shorter messages are copied together. */
  private static final int DIRECT_BYTES = 16 * 1024;

  private final SendLanes lanes;
  private final FrameList claimed = new FrameList();
  private final ByteBuffer[] views = new ByteBuffer[OutgoingQueue.GATHER_CHUNKS];
  private long claimedBytes;

  SendLane(SendLanes lanes) {
    this.lanes = lanes;
  }

  /** Whether it can claim another message. */
  public boolean hasRoom() {
    return claimedBytes < WINDOW_BYTES;
  }

  /** Claims the next message; there is one, see {@link SendLanes#hasReady}. */
  public void claim() {
    Frame frame = lanes.ready().removeFirst();
    claimed.add(frame);
    claimedBytes += frame.unsent;
  }

  /**
   * Writes once.
   *
   * @param channel blocking or not
   * @return bytes written; 0 when the channel takes nothing now, -1 when nothing is claimed
   * @throws IOException from the channel; then call {@link #leave}
   */
  public long writeTo(GatheringByteChannel channel) throws IOException {
    if (claimed.isEmpty()) {
      return -1;
    }
    long written =
        claimed.first().unsent < DIRECT_BYTES
            ? channel.write(staged())
            : channel.write(views, 0, gather(claimed.first()));
    if (written > 0) {
      claimedBytes -= written;
      lanes.sent(claimed, written);
    }
    return written;
  }

  /** A message as it lies. */
  private int gather(Frame frame) {
    int count = 0;
    int from = frame.at;
    Chunk chunk = frame.chunk;
    for (long left = frame.unsent; left > 0 && count < views.length; chunk = chunk.next) {
      int to = (int) Math.min(from + left, Chunk.BYTES);
      views[count++] = chunk.view(from, to);
      left -= to - from;
      from = 0;
    }
    return count;
  }

  private ByteBuffer staged() {
    ByteBuffer staging = lanes.staging();
    for (Frame frame = claimed.first(); frame != null; frame = frame.next) {
      Chunk chunk = frame.chunk;
      int at = frame.at;
      for (long left = frame.unsent; left > 0; chunk = chunk.next, at = 0) {
        int count = (int) Math.min(left, Math.min(Chunk.BYTES - at, staging.remaining()));
        staging.put(staging.position(), chunk.bytes, at, count);
        staging.position(staging.position() + count);
        if (!staging.hasRemaining()) {
          return staging.flip();
        }
        left -= count;
      }
    }
    return staging.flip();
  }

  /**
   * The connection is gone: drops the message of which a part was sent, and gives the others to the
   * other lanes.
   */
  public void leave() {
    if (!claimed.isEmpty() && claimed.first().isBegun()) {
      lanes.drop(claimed.removeFirst());
    }
    lanes.ready().addAllFirst(claimed);
    claimedBytes = 0;
  }
}
