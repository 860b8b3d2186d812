/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.wire.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;

/**
 * Cuts what comes into frames. Memory grows with what has come, not with what a length announces.
 * One thread.
 */
public final class WireReader {
  private static final int USUAL_BYTES = 128 * 1024;

  /** Smallest room for a read, and most of it in one. */
  private static final int ROOM_BYTES = 32 * 1024;

  private static final int LENGTH_BYTES = Integer.BYTES;

  private final ByteBuffer usual =
      ByteBuffer.allocateDirect(USUAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final FrameBody body = new FrameBody();
  private ByteBuffer buffer = usual; // filled up to its position
  private boolean isLarge; // the buffer is not the usual one
  private int start; // of what is not taken yet
  private long limitBytes = Wire.MARGIN_BYTES;
  private int type;
  private int taken; // bytes of the last frame

  /** From now on frames may have a message of so many bytes. */
  public void allow(int messageBytes) {
    limitBytes = (long) messageBytes + Wire.MARGIN_BYTES;
  }

  /** Reads what has come, without waiting for more; -1 at the end. All frames have been taken. */
  public int read(ReadableByteChannel channel) throws IOException {
    makeRoom();
    buffer.limit(Math.min(buffer.capacity(), buffer.position() + USUAL_BYTES));
    try {
      return channel.read(buffer);
    } finally {
      buffer.limit(buffer.capacity());
    }
  }

  private void makeRoom() {
    int filled = buffer.position() - start;
    long wanted = Math.max(begun(), filled) + ROOM_BYTES;
    if (wanted <= USUAL_BYTES && isLarge) {
      isLarge = false;
      moveTo(usual.clear());
    } else if (buffer.capacity() - filled < ROOM_BYTES) {
      isLarge = true;
      int bytes = (int) Math.min(wanted, 2L * buffer.capacity());
      moveTo(ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN));
    } else if (filled == 0 || buffer.remaining() < ROOM_BYTES) {
      ByteBuffer front = filled();
      buffer.clear().put(front); // which allows that they overlap
      start = 0;
    }
  }

  private ByteBuffer filled() {
    return buffer.duplicate().flip().position(start);
  }

  private void moveTo(ByteBuffer target) {
    buffer = target.put(filled());
    start = 0;
  }

  /** Bytes of the frame that has begun, with its length, whether they have come or not. */
  public long begun() {
    int filled = buffer.position() - start;
    return filled < LENGTH_BYTES ? filled : LENGTH_BYTES + (buffer.getInt(start) & 0xFFFF_FFFFL);
  }

  /** Whether nothing is left of what was read. */
  public boolean isEmpty() {
    return buffer.position() == start;
  }

  /**
   * Takes the next frame, if all of it has come. The one before is gone.
   *
   * @throws FrameException when its length is none
   */
  public boolean next() throws FrameException {
    int filled = buffer.position() - start;
    if (filled < LENGTH_BYTES) {
      return false;
    }
    long length = buffer.getInt(start) & 0xFFFF_FFFFL;
    if (length < 1 || length > limitBytes) {
      throw new FrameException("a frame of " + length + " bytes");
    }
    if (filled < LENGTH_BYTES + length) {
      return false;
    }
    type = buffer.get(start + LENGTH_BYTES) & 0xFF;
    body.set(buffer.slice(start + LENGTH_BYTES + 1, (int) length - 1));
    taken = LENGTH_BYTES + (int) length;
    start += taken;
    return true;
  }

  /** Has {@link #next} give the last frame once more. */
  public void again() {
    start -= taken;
  }

  public int type() {
    return type;
  }

  /** Valid until the next read. */
  public FrameBody body() {
    return body;
  }
}
