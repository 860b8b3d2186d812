/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.daqstream.transport.nng.internal.FrameDecoder.Partials;
import org.junit.Test;

public class FrameDecoderTest {

  private static final int CAP = 2_000_000;

  private final MessageBuffers buffers = new MessageBuffers();
  private final Partials partials = new Partials(CAP);
  private final List<byte[]> messages = new ArrayList<>();

  private FrameDecoder decoder(boolean ipc) {
    return new FrameDecoder(ipc, CAP, buffers, partials);
  }

  private void take(ByteBuffer message, Runnable release, boolean more) {
    byte[] bytes = new byte[message.remaining()];
    message.get(bytes);
    messages.add(bytes);
    if (release != null) {
      release.run();
    }
  }

  private static ByteBuffer start(long length, int payloadBytes) {
    return ByteBuffer.allocate(Long.BYTES + payloadBytes).putLong(0, length);
  }

  @Test
  public void unfinishedMessagesShareABoundedMemory() throws Exception {
    FrameDecoder first = decoder(false);
    FrameDecoder second = decoder(false);
    first.decode(start(CAP, CAP - 1), null, this::take);
    ProtocolException refusal =
        assertThrows(ProtocolException.class, () -> second.decode(start(10, 1), null, this::take));
    assertTrue(refusal.getMessage(), refusal.getMessage().contains("more than 2000000 bytes"));
    first.decode(ByteBuffer.allocate(1), null, this::take);
    assertEquals(CAP, messages.get(0).length);
    decoder(false).decode(start(10, 1), null, this::take);
  }

  @Test
  public void closingFreesTheUnfinishedMessage() throws Exception {
    FrameDecoder first = decoder(false);
    first.decode(start(CAP, CAP - 1), null, this::take);
    assertEquals(CAP - 1, first.close());
    FrameDecoder second = decoder(false);
    second.decode(start(CAP, CAP), null, this::take);
    assertEquals(1, messages.size());
    assertEquals(-1, second.close());
  }

  @Test
  public void halfAHeaderIsAnUnfinishedMessage() throws Exception {
    FrameDecoder decoder = decoder(true);
    decoder.decode(ByteBuffer.wrap(new byte[] {1, 0, 0}), null, this::take);
    assertEquals(0, decoder.close());
  }

  @Test
  public void theRestOfALargeMessageIsReadToItsPlace() throws Exception {
    FrameDecoder decoder = decoder(false);
    decoder.decode(start(60_000, 100), null, this::take);
    ByteBuffer rest = decoder.restOfMessage();
    assertNotNull(rest);
    rest.put(new byte[rest.remaining()]);
    decoder.restRead(ByteBuffer.allocate(0), this::take);
    assertEquals(60_000, messages.get(0).length);
    decoder.decode(start(1000, 100), null, this::take);
    assertNull("not worth while", decoder.restOfMessage());
  }

  @Test
  public void messagesSurviveAnyCut() throws Exception { // fuzz
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
    Random random = new Random(7);
    do {
      boolean ipc = random.nextBoolean();
      List<byte[]> expected = new ArrayList<>();
      ByteArrayOutputStream wire = new ByteArrayOutputStream();
      for (int i = 0; i < 20; i++) {
        byte[] payload = new byte[random.nextInt(1 << random.nextInt(19))];
        random.nextBytes(payload);
        expected.add(payload);
        wire.writeBytes(ipc ? new byte[] {1} : new byte[0]);
        wire.writeBytes(Nng.frame(payload));
      }
      FrameDecoder decoder = decoder(ipc);
      messages.clear();
      ByteBuffer bytes = ByteBuffer.wrap(wire.toByteArray());
      while (bytes.hasRemaining()) {
        int count = Math.min(bytes.remaining(), 1 + random.nextInt(1 << random.nextInt(18)));
        decoder.decode(bytes.slice(bytes.position(), count), null, this::take);
        bytes.position(bytes.position() + count);
      }
      assertEquals(-1, decoder.close());
      assertArrayEquals(expected.toArray(), messages.toArray());
    } while (System.nanoTime() - untilNanos < 0);
  }

  @Test
  public void messagesInAWellFilledChunkAreLentAndStayUntilGivenBack() throws Exception { // fuzz
    Random random = new Random(9);
    ReadChunks chunks = new ReadChunks();
    FrameDecoder decoder = decoder(false);
    List<byte[]> expected = new ArrayList<>();
    ArrayDeque<ByteBuffer> lent = new ArrayDeque<>();
    ArrayDeque<Runnable> releases = new ArrayDeque<>();
    ByteBuffer wire = ByteBuffer.allocate(32 * 1024 * 1024); // more than is ever lent
    while (wire.remaining() > 100_000) {
      byte[] payload = new byte[random.nextInt(1 << random.nextInt(17))];
      random.nextBytes(payload);
      expected.add(payload);
      wire.put(Nng.frame(payload));
    }
    wire.flip();
    while (wire.hasRemaining()) {
      ByteBuffer chunk = chunks.current().bytes.clear();
      int count = Math.min(wire.remaining(), 1 + random.nextInt(chunk.capacity()));
      chunk.put(wire.slice(wire.position(), count)).flip();
      wire.position(wire.position() + count);
      decoder.decode(
          chunk,
          chunks.mayLend() ? chunks.current() : null,
          (message, release, more) -> {
            lent.add(message);
            releases.add(release == null ? () -> {} : release);
          });
      chunks.next();
      while (lent.size() > 600 + random.nextInt(600)) {
        take(lent.remove(), releases.remove(), false);
      }
    }
    while (!lent.isEmpty()) {
      take(lent.remove(), releases.remove(), false);
    }
    assertArrayEquals(expected.toArray(), messages.toArray());
  }

  @Test
  public void aMessageSaysWhetherTheNextOneIsThere() throws Exception {
    ByteBuffer wire = ByteBuffer.allocate(100);
    wire.put(Nng.frame(new byte[3])).put(Nng.frame(new byte[0])).put(Nng.frame(new byte[5]));
    List<Boolean> said = new ArrayList<>();
    wire.flip().limit(wire.limit() - 1); // the last one is not complete
    decoder(false).decode(wire, null, (message, release, more) -> said.add(more));
    assertEquals(List.of(true, false), said);
  }

  @Test
  public void rubbishIsRefusedOrUnfinished() { // fuzz
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
    Random random = new Random(8);
    int refused = 0;
    do {
      FrameDecoder decoder = decoder(random.nextBoolean());
      byte[] rubbish = new byte[1 + random.nextInt(64)];
      random.nextBytes(rubbish);
      rubbish[random.nextInt(rubbish.length)] = 0;
      try {
        decoder.decode(ByteBuffer.wrap(rubbish), null, this::take);
      } catch (ProtocolException e) {
        refused++;
      }
      decoder.close();
    } while (System.nanoTime() - untilNanos < 0);
    assertTrue("some were refused: " + refused, refused > 0);
    assertEquals("no memory is left in use", CAP, roomLeft());
  }

  private int roomLeft() {
    FrameDecoder decoder = decoder(false);
    try {
      decoder.decode(start(CAP, CAP - 1), null, this::take);
      return CAP;
    } catch (ProtocolException e) {
      return 0;
    } finally {
      decoder.close();
    }
  }
}
