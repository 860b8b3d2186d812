/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.Test;

public class BlockMessageTest {
  /** The example of docs/nats.md: two samples of int16 in row 1000, behind 3 rows left out. */
  private static final String ONE_BLOCK =
      "01000000 05000000 0807060504030201 2a00000000000000"
          + " e803000000000000 4042 0f0000000000 0300000000000000 02000000 04000000 0100 feff";

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static ByteBuffer oneBlock() {
    ByteBuffer message = BlockMessage.allocate(60);
    BlockMessage.putHead(message, 0, 5, 0x0102030405060708L, 42);
    BlockMessage.putBlockHead(message, 1000, 1_000_000, 3, 2, 4);
    return message.putShort((short) 1).putShort((short) -2).flip();
  }

  @Test
  public void isWrittenAsDrawn() {
    ByteBuffer message = oneBlock();
    byte[] written = new byte[message.remaining()];
    message.get(written);
    assertArrayEquals(bytes(ONE_BLOCK), written);
  }

  @Test
  public void isReadAsWritten() {
    BlockMessage message = BlockMessage.read(bytes(ONE_BLOCK));
    assertFalse(message.isKept());
    assertEquals(5, message.description());
    assertEquals(0x0102030405060708L, message.epoch());
    assertEquals(42, message.anchor());
    assertEquals(1, message.blocks().size());
    BlockMessage.Block block = message.blocks().get(0);
    assertEquals(1000, block.row());
    assertEquals(1002, block.endRow());
    assertEquals(1_000_000, block.tick());
    assertEquals(3, block.skipped());
    assertNull(block.ticks());
    assertEquals(1, block.samples().getShort());
    assertEquals(-2, block.samples().getShort());
  }

  @Test
  public void hasStampsWithAnExplicitDomain() {
    ByteBuffer message = BlockMessage.allocate(24 + 32 + 16 + 2);
    BlockMessage.putHead(message, BlockMessage.STAMPED | BlockMessage.KEPT, 1, -1, 0);
    BlockMessage.putBlockHead(message, 0, 7, 0, 2, 2);
    message.putLong(7).putLong(-9).put((byte) 1).put((byte) 2);
    byte[] written = new byte[message.position()];
    message.get(0, written);
    BlockMessage read = BlockMessage.read(written);
    assertTrue(read.isKept());
    assertArrayEquals(new long[] {7, -9}, read.blocks().get(0).ticks());
  }

  @Test
  public void theLastSampleOfABlockIsABlock() {
    ByteBuffer block = BlockMessage.allocate(32 + 6);
    BlockMessage.putBlockHead(block, 10, 100, 5, 3, 6);
    block.putShort((short) 1).putShort((short) 2).putShort((short) 3).flip();
    ByteBuffer last = BlockMessage.lastOf(block, false, 4);
    assertEquals(12, last.getLong());
    assertEquals(108, last.getLong());
    assertEquals(0, last.getLong());
    assertEquals(1, last.getInt());
    assertEquals(2, last.getInt());
    assertEquals(3, last.getShort());
    assertEquals(0, last.remaining());
  }

  @Test
  public void whatIsCutOrBentIsRefusedOrReadWithinItsBounds() {
    byte[] good = bytes(ONE_BLOCK);
    for (int length = 0; length < good.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(good, length);
      if (length != BlockMessage.HEAD_BYTES) {
        assertThrows(IllegalArgumentException.class, () -> BlockMessage.read(cut));
      }
    }
    Random random = new Random(1);
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] bent = good.clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        bent[random.nextInt(bent.length)] = (byte) random.nextInt();
      }
      try {
        for (BlockMessage.Block each : BlockMessage.read(bent).blocks()) {
          assertTrue(each.row() >= 0 && each.count() > 0 && each.samples().remaining() <= 4);
          read++;
        }
      } catch (IllegalArgumentException e) {
        assertFalse(e.getMessage().isEmpty());
      }
    }
    assertTrue(read > 1000);
  }
}
