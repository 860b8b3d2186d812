/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.daqstream.base.support.Worker;
import org.daqstream.protocol.FrameHeader;

/**
 * Sends frames to the device on a thread of its own, because a device that does not read would stop
 * the one that reads. For any thread.
 */
final class Outbox {
  /** Frames that wait at most; a device that has so many to read does not read. */
  private static final int LIMIT_FRAMES = 4096;

  private record Outgoing(int opcode, ByteBuffer payload) {}

  private final DeviceSocket socket;
  private final Runnable broken;
  private final BlockingQueue<Outgoing> queue = new ArrayBlockingQueue<>(LIMIT_FRAMES);
  private final SplittableRandom random = new SplittableRandom();
  private final Worker worker;

  /**
   * Starts the thread.
   *
   * @param broken called when nothing can be sent any more
   */
  Outbox(String name, DeviceSocket socket, Runnable broken) {
    this.socket = socket;
    this.broken = broken;
    worker = new Worker(name, this::work);
    worker.start();
  }

  /** Has a message sent; false when too much waits already. */
  boolean message(byte[] payload) {
    return put(new Outgoing(FrameHeader.BINARY, ByteBuffer.wrap(payload)));
  }

  /** Has a control frame sent; it is left out when too much waits already. */
  boolean control(int opcode, byte[] payload) {
    return put(new Outgoing(opcode, ByteBuffer.wrap(payload)));
  }

  private boolean put(Outgoing frame) {
    boolean fits = queue.offer(frame);
    worker.wake();
    return fits;
  }

  /** Has what waits sent, and waits for it, but not longer than this. */
  void end(long limitMs) {
    worker.stop(limitMs);
  }

  private void work(Worker self) {
    try {
      while (true) {
        Outgoing next = queue.poll();
        if (next != null) {
          socket.write(frame(next));
        } else if (!self.isWanted()) {
          return;
        } else {
          self.rest(Long.MAX_VALUE);
        }
      }
    } catch (IOException e) {
      broken.run();
    }
  }

  private ByteBuffer frame(Outgoing next) {
    int length = next.payload().remaining();
    int headerBytes = FrameHeader.bytes(length) + FrameHeader.MASK_BYTES;
    ByteBuffer frame = ByteBuffer.allocate(headerBytes + length);
    int maskKey = random.nextInt();
    FrameHeader.putMasked(frame, next.opcode(), length, maskKey);
    ByteBuffer payload = frame.slice();
    payload.put(next.payload()).flip();
    FrameHeader.mask(payload, maskKey);
    return frame.position(0);
  }
}
