/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.wire.support;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.Test;

/** Frames as bytes and back. */
public class WireTest {
  private final WireOutbox outbox = new WireOutbox();

  /** Takes so many bytes of a write, then none of the next. */
  private static final class SlowChannel implements GatheringByteChannel {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final int mostBytes;
    boolean isFull;

    SlowChannel(int mostBytes) {
      this.mostBytes = mostBytes;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      isFull = !isFull;
      int left = isFull ? mostBytes : 0;
      for (int i = offset; i < offset + length; i++) {
        byte[] part = new byte[Math.min(left, sources[i].remaining())];
        sources[i].get(part);
        bytes.writeBytes(part);
        left -= part.length;
      }
      return isFull ? mostBytes - left : 0;
    }

    @Override
    public long write(ByteBuffer[] sources) {
      return write(sources, 0, sources.length);
    }

    @Override
    public int write(ByteBuffer source) {
      return (int) write(new ByteBuffer[] {source});
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private byte[] sent(int mostBytes) throws IOException {
    SlowChannel channel = new SlowChannel(mostBytes);
    while (outbox.flush(channel) != WireOutbox.State.SENT) {
      assertTrue(outbox.waitingBytes() > 0);
    }
    assertEquals(0, outbox.waitingBytes());
    return channel.bytes.toByteArray();
  }

  private static byte[] random(int count, Random random) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  public void aWriteIsAsInTheDrawing() throws IOException {
    outbox.write(1, ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
    assertEquals("0a0000000301000000" + "68656c6c6f", HexFormat.of().formatHex(sent(3)));
  }

  @Test
  public void dataAreAsInTheDrawingCopiedOrNot() throws IOException {
    ByteBuffer hello = ByteBuffer.wrap("-hello-".getBytes(StandardCharsets.US_ASCII), 1, 5);
    outbox.data(2, 8, hello);
    String copied = HexFormat.of().formatHex(sent(4));
    assertEquals("120000008702000000080000000000000068656c6c6f", copied);
    long end = outbox.foreignData(2, 8, hello);
    assertEquals(copied, HexFormat.of().formatHex(sent(4)));
    assertEquals(end, outbox.sentBytes());
    assertEquals(1, hello.position());
  }

  @Test
  public void framesOfAnySizeComeOutAsTheyWentIn() throws Exception { // in parts of any size
    Random random = new Random(1);
    List<byte[]> messages = new ArrayList<>();
    for (int size : new int[] {0, 1, 64, 70_000, 300_000, 5, 131_072, 2_000_000, 0, 9}) {
      messages.add(random(size, random));
    }
    for (byte[] message : messages) {
      if (random.nextBoolean()) {
        outbox.data(3, 9, ByteBuffer.wrap(message));
      } else {
        outbox.foreignData(3, 9, ByteBuffer.wrap(message));
      }
    }
    byte[] all = sent(10_007);
    WireReader reader = new WireReader();
    reader.allow(2_000_000);
    int[] at = {0};
    ReadableByteChannel source =
        Channels.newChannel(
            new java.io.InputStream() {
              @Override
              public int read() {
                throw new AssertionError();
              }

              @Override
              public int read(byte[] into, int from, int length) {
                if (at[0] == all.length) {
                  return -1;
                }
                int count =
                    Math.min(Math.min(length, all.length - at[0]), 1 + random.nextInt(9999));
                System.arraycopy(all, at[0], into, from, count);
                at[0] += count;
                return count;
              }
            });
    int found = 0;
    while (reader.read(source) >= 0) {
      while (reader.next()) {
        assertEquals(Wire.DATA, reader.type());
        assertEquals(3, reader.body().u32());
        assertEquals(9, reader.body().u64());
        byte[] data = new byte[reader.body().rest().remaining()];
        reader.body().rest().get(data);
        assertArrayEquals(messages.get(found++), data);
      }
    }
    assertEquals(messages.size(), found);
    assertTrue(reader.isEmpty());
  }

  private static WireReader of(String hex) throws IOException {
    WireReader reader = new WireReader();
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    reader.read(Channels.newChannel(new java.io.ByteArrayInputStream(bytes)));
    return reader;
  }

  @Test
  public void lengthsThatAreNoneAreRefusedBeforeTheRestComes() throws Exception {
    for (String length : List.of("00000000", "ffffffff", "01000100", "00000080")) {
      WireReader reader = of(length);
      assertThrows(length, FrameException.class, reader::next);
    }
    assertFalse(of("00000100").next()); // 65536 are allowed
    assertFalse(of("010000").next());
  }

  @Test
  public void aFrameCanBeTakenOnceMore() throws Exception {
    WireReader reader = of("02000000 06 07  02000000 06 08");
    assertTrue(reader.next());
    assertEquals(7, reader.body().u8());
    reader.again();
    assertTrue(reader.next());
    assertEquals(7, reader.body().u8());
    assertTrue(reader.next());
    assertEquals(8, reader.body().u8());
    assertFalse(reader.next());
  }

  @Test
  public void whatIsTooShortTooLongOrNoTextIsRefused() throws Exception {
    WireReader reader = of("06000000 06 0300 616263");
    assertTrue(reader.next());
    assertEquals("abc", reader.body().text());
    reader.body().end();
    assertThrows(FrameException.class, () -> reader.body().u8());
    WireReader cut = of("05000000 06 0300 6162");
    assertTrue(cut.next());
    assertThrows(FrameException.class, () -> cut.body().text());
    WireReader latin = of("04000000 06 0100 e9");
    assertTrue(latin.next());
    assertThrows(FrameException.class, () -> latin.body().text());
    WireReader more = of("02000000 06 00");
    assertTrue(more.next());
    assertThrows(FrameException.class, () -> more.body().end());
  }

  @Test
  public void aLongTextIsCutBetweenCharacters() throws Exception {
    ByteBuffer frame = new FrameBuilder(Wire.REFUSED).text("ä".repeat(600) + "x").done();
    assertEquals(5 + 2 + 1024, frame.remaining());
    frame = new FrameBuilder(Wire.REFUSED).text("x" + "ä".repeat(600)).done();
    assertEquals(5 + 2 + 1023, frame.remaining());
    assertEquals(
        "x" + "ä".repeat(511), StandardCharsets.UTF_8.decode(frame.position(7)).toString());
  }
}
