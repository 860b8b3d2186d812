/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.FrameReader;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.server.internal.log.DataFrame;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.websocket.core.OpCode;
import org.junit.Test;

/** Messages of many packets hold what the frames held, in order, whatever the sizes and stalls. */
public class PacketJoinerTest {
  private final ByteBuffer shared = ByteBuffer.allocate(128 * 1024);

  private static ByteBuffer frame(int signo, int payloadBytes) {
    ByteBuffer frame =
        ByteBuffer.allocate(DataFrame.bytes(payloadBytes)).order(ByteOrder.LITTLE_ENDIAN);
    DataFrame.putHeaders(frame, signo, payloadBytes);
    while (frame.hasRemaining()) {
      frame.put((byte) frame.position());
    }
    return frame.flip();
  }

  private static ByteBuffer frames(ByteBuffer... each) {
    ByteBuffer all = ByteBuffer.allocate(1 << 20);
    for (ByteBuffer frame : each) {
      all.put(frame);
    }
    return all.flip();
  }

  private String joined(int limitBytes, ByteBuffer frames) {
    PacketJoiner joiner = new PacketJoiner(shared.clear(), limitBytes);
    assertEquals(0, joiner.take(frames));
    assertEquals(0, frames.remaining());
    joiner.complete();
    return HexFormat.of().formatHex(shared.array(), 0, shared.position());
  }

  @Test
  public void packetsStandBehindEachOtherInOneMessage() {
    // 82: FIN, binary; 0d: 13 bytes; data of signal 1 and 2
    assertEquals(
        "820d" + "01002010" + "0607" + "02003010" + "060708",
        joined(65_535, frames(frame(1, 2), frame(2, 3))));
  }

  @Test
  public void oneAloneIsTheFrameThatItWas() {
    for (int payloadBytes : new int[] {1, 121, 122, 300, 16_000}) {
      byte[] whole = BufferUtil.toArray(frame(7, payloadBytes));
      assertEquals(HexFormat.of().formatHex(whole), joined(65_535, frame(7, payloadBytes)));
    }
  }

  @Test
  public void messageHasTheShortestHeader() {
    assertEquals("827d", joined(65_535, frames(frame(1, 60), frame(1, 57))).substring(0, 4));
    assertEquals("827e007e", joined(65_535, frames(frame(1, 60), frame(1, 58))).substring(0, 8));
  }

  @Test
  public void messageIsNoLargerThanWanted() {
    ByteBuffer frames = frames(frame(1, 96), frame(1, 96), frame(1, 96));
    String joined = joined(200, frames);
    assertEquals("827e00c8", joined.substring(0, 8)); // two of a hundred bytes
    assertEquals("8264", joined.substring(8 + 400, 8 + 404));
    assertEquals(8 + 400 + 4 + 200, joined.length());
  }

  @Test
  public void largeFramesAndOtherKindsGoByThemselves() {
    for (int payloadBytes : new int[] {16_384, 65_527, 70_000}) {
      PacketJoiner joiner = new PacketJoiner(shared.clear(), 65_535);
      ByteBuffer frames = frames(frame(1, 10), frame(1, payloadBytes), frame(1, 10));
      assertEquals(DataFrame.bytes(payloadBytes), joiner.take(frames));
      assertEquals(DataFrame.bytes(10), frames.position());
    }
    PacketJoiner joiner = new PacketJoiner(shared.clear(), 65_535);
    ByteBuffer ping = ByteBuffer.allocate(2 + 3);
    FrameHeader.put(ping, OpCode.PING, 3);
    assertEquals(5, joiner.take(ping.clear()));
  }

  /** Takes messages apart as every reader does, and notes the packets. */
  private static final class Taken implements FrameReader.Target {
    final List<String> packets = new ArrayList<>();
    final PacketReader reader =
        new PacketReader(
            Limits.DEFAULT, (signo, type, payload) -> packets.add(text(signo, type, payload)));
    private final FrameReader frames = new FrameReader(this);
    private final ByteBuffer bytes = ByteBuffer.allocate(4 << 20);
    int messages;
    int largest;

    static String text(int signo, int type, ByteBuffer payload) {
      byte[] copy = new byte[payload.remaining()];
      payload.get(copy);
      return signo + " " + type + " " + HexFormat.of().formatHex(copy);
    }

    void take(byte[] more) throws ProtocolException {
      frames.read(bytes.put(more).flip());
      bytes.compact();
    }

    @Override
    public void message(ByteBuffer part, boolean startsMessage) {
      assertTrue("a message in one frame", startsMessage);
      messages++;
      largest = Math.max(largest, part.remaining());
      reader.readMessage(part);
    }

    @Override
    public void control(int opcode, ByteBuffer payload) {
      throw new AssertionError("a control frame: " + opcode);
    }
  }

  @Test
  public void randomFramesComeWholeAndInOrderOverRandomStalls() throws Exception {
    long seed = Long.getLong("joiner.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 30; round++) {
      int limit = 500 + random.nextInt(66_000);
      ByteArrayEndPoint socket = new ByteArrayEndPoint(new byte[0], 1 + random.nextInt(60_000));
      ClientOutput output = new ClientOutput(socket, shared.clear(), Integer.MAX_VALUE);
      output.join(Math.min(limit, PacketJoiner.MESSAGE_BYTES));
      Taken taken = new Taken();
      List<String> expected = new ArrayList<>();
      for (int puts = 0; puts < 200; puts++) {
        ByteBuffer[] some = new ByteBuffer[random.nextInt(20)];
        for (int i = 0; i < some.length; i++) {
          boolean isLarge = random.nextInt(200) == 0;
          some[i] = frame(1 + i, 1 + random.nextInt(isLarge ? 100_000 : 400));
          ByteBuffer payload = some[i].duplicate().order(ByteOrder.LITTLE_ENDIAN);
          DataFrame.skipHeaders(payload);
          expected.add(Taken.text(1 + i, 1, payload));
        }
        output.put(frames(some));
        if (random.nextInt(3) == 0) {
          output.flush();
          assertEquals("seed " + seed, 0, shared.position());
          taken.take(BufferUtil.toArray(socket.takeOutput()));
        }
      }
      while (!output.flush()) {
        taken.take(BufferUtil.toArray(socket.takeOutput()));
      }
      taken.take(BufferUtil.toArray(socket.takeOutput()));
      assertEquals("seed " + seed, expected, taken.packets);
      assertTrue(taken.messages <= expected.size());
      assertEquals(0, taken.reader.truncatedPackets());
    }
  }

  @Test
  public void withoutStallsMessagesAreFull() throws Exception {
    ByteArrayEndPoint socket = new ByteArrayEndPoint(new byte[0], 1 << 20);
    ClientOutput output = new ClientOutput(socket, shared.clear(), 1_000);
    output.join(65_535);
    for (int i = 0; i < 5_000; i++) {
      output.put(frame(1, 64));
    }
    assertTrue(output.flush());
    Taken taken = new Taken();
    byte[] bytes = BufferUtil.toArray(socket.takeOutput());
    taken.take(bytes);
    assertEquals(5_000, taken.packets.size());
    assertTrue(taken.messages + " messages", taken.messages <= 8);
    assertTrue(taken.largest <= 65_535);
    assertEquals(output.sentBytes(), bytes.length);
  }
}
