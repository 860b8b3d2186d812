/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

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
import org.daqstream.socket.support.FrameDecoder.Partials;
import org.daqstream.transport.support.Framing;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestWatcher;
import org.junit.runner.Description;

/** Fuzzing takes half a second each, or {@code -Ddaqstream.fuzz.seconds}. */
public class FrameDecoderTest {

  private static final long BUDGET_NANOS =
      TimeUnit.MILLISECONDS.toNanos(
          Math.max(500, 1_000 * Long.getLong("daqstream.fuzz.seconds", 0)));
  private static final int CAP = 2_000_000;
  private static final Framing TCP = new Framing(-1, Long.BYTES);
  private static final Framing IPC = new Framing(1, Long.BYTES);
  private static final Framing SHORT = new Framing(-1, Integer.BYTES);
  private static final List<Framing> FRAMINGS = List.of(TCP, IPC, SHORT);

  @Rule
  public final TestWatcher tellsSeed =
      new TestWatcher() {
        @Override
        protected void failed(Throwable e, Description description) {
          System.err.println(description + " failed with seed " + seed);
        }
      };

  private final long seed = System.nanoTime();
  private final MessageBuffers buffers = new MessageBuffers();
  private final Partials partials = new Partials(CAP);
  private final List<byte[]> messages = new ArrayList<>();

  private FrameDecoder decoder(Framing framing) {
    return new FrameDecoder(framing, CAP, buffers, partials);
  }

  private static byte[] frame(Framing framing, byte[] payload) {
    ByteBuffer header = ByteBuffer.allocate(framing.headerBytes());
    framing.write(header, payload.length);
    return ByteBuffer.allocate(header.limit() + payload.length).put(header).put(payload).array();
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
    FrameDecoder first = decoder(TCP);
    FrameDecoder second = decoder(TCP);
    first.decode(start(CAP, CAP - 1), null, this::take);
    ProtocolException refusal =
        assertThrows(ProtocolException.class, () -> second.decode(start(10, 1), null, this::take));
    assertTrue(refusal.getMessage(), refusal.getMessage().contains("more than 2000000 bytes"));
    first.decode(ByteBuffer.allocate(1), null, this::take);
    assertEquals(CAP, messages.get(0).length);
    decoder(TCP).decode(start(10, 1), null, this::take);
  }

  @Test
  public void lengthsBeyondTheLimitAreRefused() {
    for (int length : new int[] {Integer.MIN_VALUE, -1, CAP + 1, Integer.MAX_VALUE, 0x47455420}) {
      ByteBuffer wire = ByteBuffer.allocate(4).putInt(0, length);
      ProtocolException refusal =
          assertThrows(
              ProtocolException.class, () -> decoder(SHORT).decode(wire, null, this::take));
      String announced = Integer.toUnsignedString(length);
      assertTrue(refusal.getMessage(), refusal.getMessage().contains(announced));
    }
  }

  @Test
  public void memoryFollowsWhatHasArrived() throws Exception {
    FrameDecoder decoder = decoder(SHORT);
    decoder.decode(ByteBuffer.allocate(4).putInt(0, CAP), null, this::take);
    assertTrue(decoder.restOfMessage() == null || decoder.restOfMessage().capacity() <= 64 * 1024);
    for (int i = 0; i < 16; i++) {
      decoder.decode(ByteBuffer.allocate(65_536), null, this::take);
    }
    assertEquals(16 * 65_536, decoder.close());
  }

  @Test
  public void closingFreesTheUnfinishedMessage() throws Exception {
    FrameDecoder first = decoder(TCP);
    first.decode(start(CAP, CAP - 1), null, this::take);
    assertEquals(CAP - 1, first.close());
    FrameDecoder second = decoder(TCP);
    second.decode(start(CAP, CAP), null, this::take);
    assertEquals(1, messages.size());
    assertEquals(-1, second.close());
  }

  @Test
  public void halfAHeaderIsAnUnfinishedMessage() throws Exception {
    FrameDecoder decoder = decoder(IPC);
    decoder.decode(ByteBuffer.wrap(new byte[] {1, 0, 0}), null, this::take);
    assertEquals(0, decoder.close());
  }

  @Test
  public void theRestOfALargeMessageIsReadToItsPlace() throws Exception {
    FrameDecoder decoder = decoder(TCP);
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
    long untilNanos = System.nanoTime() + BUDGET_NANOS;
    Random random = new Random(seed);
    do {
      Framing framing = FRAMINGS.get(random.nextInt(FRAMINGS.size()));
      List<byte[]> expected = new ArrayList<>();
      ByteArrayOutputStream wire = new ByteArrayOutputStream();
      for (int i = 0; i < 20; i++) {
        byte[] payload = new byte[random.nextInt(1 << random.nextInt(19))];
        random.nextBytes(payload);
        expected.add(payload);
        wire.writeBytes(frame(framing, payload));
      }
      FrameDecoder decoder = decoder(framing);
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
    ReadChunks chunks = new ReadChunks(128 * 1024);
    FrameDecoder decoder = decoder(TCP);
    List<byte[]> expected = new ArrayList<>();
    ArrayDeque<ByteBuffer> lent = new ArrayDeque<>();
    ArrayDeque<Runnable> releases = new ArrayDeque<>();
    ByteBuffer wire = ByteBuffer.allocate(32 * 1024 * 1024); // more than is ever lent
    while (wire.remaining() > 100_000) {
      byte[] payload = new byte[random.nextInt(1 << random.nextInt(17))];
      random.nextBytes(payload);
      expected.add(payload);
      wire.put(frame(TCP, payload));
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
    for (int length : new int[] {3, 0, 5}) {
      wire.put(frame(TCP, new byte[length]));
    }
    List<Boolean> said = new ArrayList<>();
    wire.flip().limit(wire.limit() - 1); // the last one is not complete
    decoder(TCP).decode(wire, null, (message, release, more) -> said.add(more));
    assertEquals(List.of(true, false), said);
  }

  @Test
  public void rubbishIsRefusedOrUnfinished() { // fuzz
    long untilNanos = System.nanoTime() + BUDGET_NANOS;
    Random random = new Random(seed);
    int refused = 0;
    do {
      FrameDecoder decoder = decoder(FRAMINGS.get(random.nextInt(FRAMINGS.size())));
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
    FrameDecoder decoder = decoder(TCP);
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
