/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** What one connection has claimed of {@link SendLanes}. For the sending thread only. */
public final class SendLane {
  /** Claims no more than this ahead, so that a slow peer does not hold what others could take. */
  private static final int WINDOW_BYTES = 64 * 1024;

  /** Shorter messages are copied together. */
  private static final int DIRECT_BYTES = 16 * 1024;

  private final SendLanes lanes;
  private final ArrayDeque<Frame> claimed = new ArrayDeque<>();
  private final Consumer<Frame> stage = this::stage;
  private final ByteBuffer[] views = new ByteBuffer[OutgoingQueue.GATHER_PAGES];
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
    Frame frame = lanes.ready.remove();
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
        claimed.element().unsent < DIRECT_BYTES
            ? channel.write(staged())
            : channel.write(views, 0, gather(claimed.element()));
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
    QueuePage page = frame.page;
    for (long left = frame.unsent; left > 0 && count < views.length; page = page.next) {
      int to = (int) Math.min(from + left, QueuePage.BYTES);
      views[count++] = page.view(from, to);
      left -= to - from;
      from = 0;
    }
    return count;
  }

  private ByteBuffer staged() {
    lanes.staging.clear();
    claimed.forEach(stage);
    return lanes.staging.flip();
  }

  /** Copies what there is room for. */
  private void stage(Frame frame) {
    ByteBuffer staging = lanes.staging;
    QueuePage page = frame.page;
    int at = frame.at;
    for (long left = frame.unsent; left > 0 && staging.hasRemaining(); page = page.next, at = 0) {
      int count = (int) Math.min(left, Math.min(QueuePage.BYTES - at, staging.remaining()));
      staging.put(staging.position(), page.bytes, at, count);
      staging.position(staging.position() + count);
      left -= count;
    }
  }

  /**
   * The connection is gone: drops the message of which a part was sent, and gives the others to the
   * other lanes.
   */
  public void leave() {
    if (!claimed.isEmpty() && claimed.element().isBegun()) {
      lanes.drop(claimed.remove());
    }
    while (!claimed.isEmpty()) {
      lanes.ready.addFirst(claimed.removeLast());
    }
    claimedBytes = 0;
  }
}
