/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public class FrameReaderTest {

  private static final int MEBIBYTE = 1024 * 1024;

  @Test
  public void lengthsAreBigEndian() throws IOException {
    ByteBuffer source =
        ByteBuffer.wrap(new byte[] {0, 0, 0, 3, 'a', 'b', 'c', 0, 0, 0, 0, 0, 0, 0});
    FrameReader reader = new FrameReader(3);
    assertEquals(Posix.text("abc"), reader.next(source));
    assertEquals(0, reader.next(source).remaining());
    assertNull(reader.next(source));
    assertEquals(0, reader.begunBytes());
    assertEquals(1, reader.next(Posix.text("\1x")).remaining());
    assertEquals(256, new FrameReader(256).next(frame(new byte[256])).remaining());
  }

  private static ByteBuffer frame(byte[] body) {
    return ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).flip();
  }

  @Test
  public void lengthsBeyondTheLimitAreRefused() {
    for (int length : new int[] {Integer.MIN_VALUE, -1, 1001, Integer.MAX_VALUE, 0x47455420}) {
      ByteBuffer source = ByteBuffer.allocate(4).putInt(length).flip();
      IOException error = assertThrows(IOException.class, () -> new FrameReader(1000).next(source));
      assertTrue(error.getMessage(), error.getMessage().contains(Integer.toUnsignedString(length)));
    }
  }

  @Test
  public void memoryFollowsWhatHasArrived() throws IOException {
    FrameReader reader = new FrameReader(1024 * MEBIBYTE);
    assertNull(reader.next(ByteBuffer.allocate(4).putInt(1024 * MEBIBYTE).flip()));
    assertTrue(reader.heldBytes() <= 64 * 1024);
    for (int i = 0; i < 16; i++) {
      assertNull(reader.next(ByteBuffer.allocate(65_536)));
    }
    assertEquals(MEBIBYTE, reader.begunBytes());
    assertTrue(reader.heldBytes() <= 2 * MEBIBYTE);
  }

  @Test
  public void anySplitGivesTheSameMessages() throws IOException {
    Random random = new Random(7);
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
    for (int round = 0; round < 20 || System.nanoTime() < untilNanos; round++) {
      byte[] body = new byte[random.nextInt(round % 10 == 0 ? 300_000 : 50)];
      random.nextBytes(body);
      ByteBuffer twice =
          ByteBuffer.allocate(2 * (4 + body.length)).put(frame(body)).put(frame(body)).flip();
      FrameReader reader = new FrameReader(300_000);
      int messages = 0;
      while (twice.hasRemaining()) {
        int count = 1 + random.nextInt(Math.max(1, Math.min(twice.remaining(), 100_000)));
        ByteBuffer piece = twice.slice(twice.position(), Math.min(count, twice.remaining()));
        twice.position(twice.position() + piece.remaining());
        for (ByteBuffer message = reader.next(piece);
            message != null;
            message = reader.next(piece)) {
          assertEquals(ByteBuffer.wrap(body), message);
          messages++;
        }
      }
      assertEquals(2, messages);
      assertEquals(-1, reader.begunBytes());
    }
  }
}
