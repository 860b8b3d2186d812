/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.daqstream.base.support.Worker;
import org.daqstream.protocol.FrameHeader;

/**
 * Sends frames to the device on a thread of its own, because a device that does not read would stop
 * the one that reads. For any thread.
 */
final class Outbox implements PacketOutput {
  /** Bytes of messages and control frames that wait at most: a device with more does not read. */
  private static final int MESSAGES_LIMIT_BYTES = 16 << 20;

  /** What a frame costs besides its payload. */
  private static final int FRAME_COST_BYTES = 64;

  /** Frames that fit are gathered and written together. */
  private static final int GATHER_BYTES = 64 << 10;

  private record Outgoing(int opcode, ByteBuffer payload, boolean isData) {
    int cost() {
      return payload.remaining() + FRAME_COST_BYTES;
    }
  }

  private final DeviceSocket socket;
  private final Runnable broken;
  private final int dataLimitBytes;
  private final Deque<Outgoing> queue = new ArrayDeque<>(); // guarded by itself, and so the sums:
  private long waitingDataBytes;
  private long waitingMessageBytes;
  private final SplittableRandom random = new SplittableRandom();
  private final ByteBuffer gathered = ByteBuffer.allocate(GATHER_BYTES);
  private final Worker worker;

  /**
   * Starts the thread.
   *
   * @param broken called when nothing can be sent any more
   * @param dataLimitBytes bytes of data that wait at most
   */
  Outbox(String name, DeviceSocket socket, Runnable broken, int dataLimitBytes) {
    this.socket = socket;
    this.broken = broken;
    this.dataLimitBytes = dataLimitBytes;
    worker = new Worker(name, this::work);
    worker.start();
  }

  @Override
  public boolean message(byte[] packet) {
    return put(new Outgoing(FrameHeader.BINARY, ByteBuffer.wrap(packet), false));
  }

  /** Has a control frame sent; it is left out when too much waits already. */
  boolean control(int opcode, byte[] payload) {
    return put(new Outgoing(opcode, ByteBuffer.wrap(payload), false));
  }

  private boolean put(Outgoing frame) {
    synchronized (queue) {
      if (waitingMessageBytes + frame.cost() > MESSAGES_LIMIT_BYTES) {
        return false;
      }
      waitingMessageBytes += frame.cost();
      if (frame.opcode == FrameHeader.PING || frame.opcode == FrameHeader.PONG) {
        queue.addFirst(frame); // a sign of life, which data must not hold up
      } else {
        queue.addLast(frame);
      }
    }
    worker.wake();
    return true;
  }

  @Override
  public boolean data(Iterable<ByteBuffer> packets) {
    long bytes = 0;
    for (ByteBuffer each : packets) {
      bytes += each.remaining() + FRAME_COST_BYTES;
    }
    synchronized (queue) {
      if (waitingDataBytes + bytes > dataLimitBytes) {
        return false;
      }
      waitingDataBytes += bytes;
      for (ByteBuffer each : packets) {
        queue.add(new Outgoing(FrameHeader.BINARY, each, true));
      }
    }
    worker.wake();
    return true;
  }

  @Override
  public void abort() {
    broken.run();
  }

  /** Has what waits sent, and waits for it, but not longer than this. */
  void end(long limitMs) {
    worker.stop(limitMs);
  }

  private void work(Worker self) {
    try {
      while (true) {
        Outgoing next = poll();
        if (next != null) {
          gather(next);
        } else if (gathered.position() > 0) {
          write();
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

  private Outgoing poll() {
    synchronized (queue) {
      Outgoing next = queue.poll();
      if (next != null && next.isData) {
        waitingDataBytes -= next.cost();
      } else if (next != null) {
        waitingMessageBytes -= next.cost();
      }
      return next;
    }
  }

  private void gather(Outgoing next) throws IOException {
    int length = next.payload().remaining();
    int frameBytes = FrameHeader.bytes(length) + FrameHeader.MASK_BYTES + length;
    if (frameBytes > gathered.remaining()) {
      write();
    }
    if (frameBytes > gathered.remaining()) {
      ByteBuffer frame = ByteBuffer.allocate(frameBytes);
      putFrame(frame, next);
      socket.write(frame.flip());
    } else {
      putFrame(gathered, next);
    }
  }

  private void putFrame(ByteBuffer target, Outgoing next) {
    FrameHeader.putMasked(target, next.opcode(), next.payload(), random.nextInt());
  }

  private void write() throws IOException {
    if (gathered.position() > 0) {
      socket.write(gathered.flip());
      gathered.clear();
    }
  }
}
