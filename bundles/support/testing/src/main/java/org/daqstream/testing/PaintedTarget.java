/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.fail;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A buffer to encode into, on which every byte shows that was written. */
final class PaintedTarget {
  private static final byte PAINT = 0x5A;

  private final ByteBuffer buffer;
  private final String kind;

  private PaintedTarget(String kind, ByteBuffer buffer) {
    this.kind = kind;
    this.buffer = buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Outside the heap, on it, and on it with an array that begins before the buffer. */
  static List<PaintedTarget> ofEachKind(int capacity) {
    return List.of(
        new PaintedTarget("direct target", ByteBuffer.allocateDirect(capacity)),
        new PaintedTarget("heap target", ByteBuffer.allocate(capacity)),
        new PaintedTarget("sliced target", ByteBuffer.allocate(capacity + 7).slice(7, capacity)));
  }

  private byte[] paint() {
    byte[] paint = new byte[buffer.capacity()];
    Arrays.fill(paint, PAINT);
    buffer.clear().put(0, paint);
    return paint;
  }

  /** With just the room for some bytes, these are put there and nothing else. */
  void assertTakes(int at, byte[] bytes, Consumer<ByteBuffer> encode) {
    byte[] expected = paint();
    System.arraycopy(bytes, 0, expected, at, bytes.length);
    int limit = at + bytes.length;
    buffer.position(at).limit(limit);
    encode.accept(buffer);
    assertEquals("position of the " + kind, limit, buffer.position());
    assertEquals("limit of the " + kind, limit, buffer.limit());
    assertEquals("order of the " + kind, ByteOrder.LITTLE_ENDIAN, buffer.order());
    assertHas(expected, "encoded at " + at);
  }

  /** With too little room the end is not written, and the caller hears of it. */
  void assertNotOverrun(int limit, Consumer<ByteBuffer> encode) {
    byte[] expected = paint();
    buffer.limit(limit);
    assertThrows(
        kind + " without room for the last byte",
        RuntimeException.class,
        () -> encode.accept(buffer));
    buffer.clear().get(0, expected, 0, limit); // what it may have written
    assertHas(expected, "limit " + limit);
  }

  private void assertHas(byte[] expected, String what) {
    byte[] written = new byte[expected.length];
    buffer.clear().get(0, written);
    int different = Arrays.mismatch(expected, written);
    if (different >= 0) {
      fail(kind + " is wrong at byte " + different + ", " + what);
    }
  }
}
