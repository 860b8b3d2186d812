/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.daqstream.socket.support.SocketLink;
import org.daqstream.stream.wire.support.FrameException;
import org.daqstream.stream.wire.support.WireReader;

/**
 * What comes from a module, frame by frame: bounds how long one takes to come, and asks for memory
 * for long ones. Used by the thread of the connection.
 */
final class FrameIntake {
  static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** A frame that is longer takes memory of what all have together. */
  private static final int USUAL_FRAME_BYTES = 256 * 1024;

  private static final long FRAME_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long NANOS_PER_FRAME_BYTE = TimeUnit.SECONDS.toNanos(1) >> 20;

  private final SocketLink socket;
  private final ModuleGate gate;
  private final HeldMemory.Part memory;
  private final BooleanSupplier isOver;
  private final WireReader reader = new WireReader();
  private boolean stalled;
  private long stallNanos; // when to go on
  private long reservedBytes; // for a long frame
  private long frameNanos; // deadline of one that has begun; 0: none

  FrameIntake(SocketLink socket, ModuleGate gate, HeldMemory.Part memory, BooleanSupplier isOver) {
    this.socket = socket;
    this.gate = gate;
    this.memory = memory;
    this.isOver = isOver;
  }

  /** The first frame has to be there by then. */
  void expect(long deadlineNanos) {
    frameNanos = deadlineNanos;
  }

  /** Frames may have messages of so many bytes from now on. */
  void allow(int messageBytes) {
    reader.allow(messageBytes);
  }

  /** Whether there is room for what would come; gets the memory for a long frame. */
  boolean mayRead() {
    if (stalled) {
      return false;
    }
    long begun = reader.begun();
    if (begun > USUAL_FRAME_BYTES && begun > reservedBytes) {
      if (!memory.take(begun - reservedBytes)) {
        frameNanos += STALL_NANOS; // it is not the module that keeps us waiting
        return false;
      }
      reservedBytes = begun;
    }
    return true;
  }

  /** Reads what has come and takes the frames that are whole. */
  void read() throws IOException, FrameException {
    if (stalled) {
      return;
    }
    if (reader.read(socket) < 0) {
      throw new EOFException("the module is gone");
    }
    gate.hear();
    takeFrames();
  }

  private void takeFrames() throws FrameException {
    boolean some = false;
    while (!stalled && !isOver.getAsBoolean() && reader.next()) {
      some = true;
      gate.take(reader.type(), reader.body());
    }
    if (stalled) {
      return;
    }
    long begun = reader.begun();
    if (begun <= USUAL_FRAME_BYTES && reservedBytes > 0) {
      memory.giveBack(reservedBytes);
      reservedBytes = 0;
    }
    if (gate.session() != null && (some || frameNanos == 0)) {
      long limitNanos = FRAME_NANOS + Math.min(begun, Integer.MAX_VALUE) * NANOS_PER_FRAME_BYTE;
      frameNanos = reader.isEmpty() ? 0 : System.nanoTime() + limitNanos;
    }
  }

  /** The last frame is to be taken once more, a little later, and nothing read before. */
  void stall() {
    reader.again();
    stalled = true;
    stallNanos = System.nanoTime() + STALL_NANOS;
  }

  /** Takes what was stalled, if it is time for that. */
  void goOn() throws FrameException {
    if (stalled && System.nanoTime() - stallNanos >= 0) {
      stalled = false;
      takeFrames();
    }
  }

  /** How long there is nothing to look after. */
  long waitNanos(long now) {
    if (stalled) {
      return STALL_NANOS;
    }
    return frameNanos == 0 ? Long.MAX_VALUE : Math.max(0, frameNanos - now);
  }

  void checkDeadline() throws FrameException {
    if (frameNanos != 0 && !stalled && System.nanoTime() - frameNanos > 0) {
      throw new FrameException(
          gate.session() == null ? "no HELLO in time" : "a frame that was not finished in time");
    }
  }
}
