/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.Delivery;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.Reached;
import org.daqstream.server.api.ServerEvent;
import org.junit.Test;

/**
 * Frames without end, most of them proper ones with packets of any form, so that connections live
 * through many: the witness gets every sample, no thread is gone, and no memory grows. Counted are
 * frames that the server has read, for it answered a ping behind them. {@code
 * -Ddaqstream.fuzz.seconds} makes it longer, {@code -Ddaqstream.fuzz.frames} ends it at a number.
 */
public class FuzzedFramesTest {
  private static final long BUDGET_NANOS =
      TimeUnit.SECONDS.toNanos(Long.getLong("daqstream.fuzz.seconds", 2));
  private static final long FRAMES = Long.getLong("daqstream.fuzz.frames", Long.MAX_VALUE);
  private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final int FRAMES_PER_BATCH = 500;
  private static final int BATCHES_PER_CLIENT = 40;
  private static final int PAYLOAD_BYTES = 200;
  private static final int BATCH_BYTES = FRAMES_PER_BATCH * 3 * (PAYLOAD_BYTES + 20);

  /** One frame of so many breaks the rules of WebSocket, which ends the connection. */
  private static final int BREAKS = 30_000;

  private static final long GROWTH_BYTES = 32 << 20;
  private static final int FIN = 0x80;

  private final ByteBuffer batch = ByteBuffer.allocate(BATCH_BYTES);
  private SplittableRandom random;
  private List<byte[]> packets;
  private long frames;
  private long clients;
  private long ended;
  private long pings;

  @Test
  public void framesWithoutEnd() throws Exception {
    long seed = System.nanoTime();
    random = new SplittableRandom(seed);
    long malformed;
    long before;
    long start = System.nanoTime();
    try (WitnessedServer server = new WitnessedServer();
        LoggerWatch log = new LoggerWatch()) {
      attack(server);
      before = usedBytes();
      long told = start;
      while (System.nanoTime() - start < BUDGET_NANOS && frames < FRAMES) {
        try {
          attack(server);
        } catch (IOException e) {
          throw new AssertionError("seed " + seed + " after " + frames + " frames", e);
        }
        if (System.nanoTime() - told > TELL_NANOS) {
          told = System.nanoTime();
          server.expectWitnessGoesOn();
          tell(start);
        }
      }
      malformed = server.statistics().count(ServerEvent.MALFORMED);
      log.check();
    }
    tell(start);
    long after = usedBytes();
    System.out.printf("%d bytes used after the first client, %d at the end%n", before, after);
    assertTrue("most are read and left out: " + malformed, malformed > frames / 10);
    assertTrue(frames + " frames", frames >= FRAMES_PER_BATCH);
    assertTrue("grown from " + before + " to " + after, after - before < GROWTH_BYTES);
  }

  private void tell(long start) {
    System.out.printf(
        "%d frames read of %d clients, of which %d broke the rules, in %d s%n",
        frames, clients, ended, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
  }

  /** On the heap and beside it, when what is not needed is gone. */
  private static long usedBytes() {
    System.gc();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct;
  }

  /** One client, until it has sent enough or broken a rule. */
  private void attack(WitnessedServer server) throws Exception {
    clients++;
    try (Peer peer = server.offender()) {
      packets = packets(peer.sessionId);
      for (int i = 0; i < BATCHES_PER_CLIENT; i++) {
        batch.clear();
        boolean breaks = false;
        int count = 0;
        while (count < FRAMES_PER_BATCH && !breaks) {
          breaks = random.nextInt(BREAKS) == 0;
          count += breaks ? putBroken() : putProper();
        }
        byte[] mark = Long.toString(++pings).getBytes(StandardCharsets.US_ASCII);
        put(FIN | FrameHeader.PING, mark, 0, mark.length);
        peer.write(Arrays.copyOf(batch.array(), batch.position()));
        if (breaks) {
          Dialogue.closeCode(peer);
          ended++;
          return;
        }
        awaitPong(peer, ByteBuffer.wrap(mark));
        frames += count;
      }
    }
  }

  private static void awaitPong(Peer peer, ByteBuffer mark) throws IOException {
    Peer.Frame frame = peer.readFrame();
    while (frame.opcode() != FrameHeader.PONG || !frame.payload().equals(mark)) {
      if (frame.opcode() == FrameHeader.CLOSE) {
        throw new IOException("closed with " + frame.closeCode());
      }
      frame = peer.readFrame();
    }
  }

  private static List<byte[]> packets(String sessionId) {
    return List.of(
        request(sessionId, "subscribe", WitnessedServer.SIGNAL_ID),
        request(sessionId, "unsubscribe", WitnessedServer.SIGNAL_ID, "witness time"),
        request("x", "subscribe", "nothing"),
        MetadataCodec.packet(0, new Reached(7).toMetadata()),
        MetadataCodec.packet(0, new Delivery(60_000, 1 << 20, 500).toMetadata()),
        json("{\"method\":\"available\",\"params\":{\"signalIds\":[\"a\",\"b\"]}}"),
        json("{\"method\":\"unavailable\",\"params\":{\"signalIds\":[\"a\"]}}"),
        json("{\"method\":\"request\",\"params\":{\"id\":1,\"method\":\"x.subscribe\"}}"),
        json("{\"method\":\"apiVersion\",\"params\":{\"version\":\"2.0.0\"}}"));
  }

  private static byte[] request(String sessionId, String command, String... signalIds) {
    return MetadataCodec.packet(
        0, CommandRequest.of(1, sessionId, command, List.of(signalIds)).toMetadata());
  }

  private static byte[] json(String text) {
    byte[] document = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.writeBytes(new byte[] {0, 0, (byte) ((document.length + 4) << 4), 0x20});
    packet.writeBytes(new byte[] {1, 0, 0, 0});
    packet.writeBytes(document);
    byte[] bytes = packet.toByteArray();
    bytes[3] |= (byte) ((document.length + 4) >> 4);
    return bytes;
  }

  /** A message, or a control frame; gives the number of frames. */
  private int putProper() {
    byte[] payload = payload();
    switch (random.nextInt(10)) {
      case 0 -> put(FIN | FrameHeader.TEXT, payload, 0, payload.length);
      case 1 -> {
        int opcode = random.nextBoolean() ? FrameHeader.PING : FrameHeader.PONG;
        put(FIN | opcode, payload, 0, Math.min(payload.length, random.nextInt(126)));
      }
      case 2 -> {
        int first = random.nextInt(payload.length + 1);
        int second = first + random.nextInt(payload.length + 1 - first);
        put(FrameHeader.BINARY, payload, 0, first);
        put(0, payload, first, second);
        put(FIN, payload, second, payload.length);
        return 3;
      }
      default -> put(FIN | FrameHeader.BINARY, payload, 0, payload.length);
    }
    return 1;
  }

  /** What is no frame, or not here. */
  private int putBroken() {
    byte[] payload = payload();
    int first =
        switch (random.nextInt(4)) {
          case 0 -> FIN; // continues nothing
          case 1 -> FIN | 0x70 | FrameHeader.BINARY;
          case 2 -> FIN | (3 + random.nextInt(5));
          default -> FrameHeader.PING; // in parts
        };
    put(first, payload, 0, Math.min(payload.length, 125));
    return 1;
  }

  private byte[] payload() {
    if (random.nextInt(5) == 0) {
      byte[] bytes = new byte[random.nextInt(PAYLOAD_BYTES)];
      random.nextBytes(bytes);
      return bytes;
    }
    byte[] bytes = packets.get(random.nextInt(packets.size())).clone();
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      int from = random.nextInt(8) == 0 ? 0 : 8; // mostly in the document
      bytes[from + random.nextInt(bytes.length - from)] = (byte) random.nextInt(256);
    }
    return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private void put(int firstByte, byte[] payload, int from, int to) {
    int key = random.nextInt();
    int at = batch.position();
    if (random.nextInt(8) == 0) { // as a stock client sends
      FrameHeader.put(batch, firstByte & 0x0F, to - from);
      batch.put(payload, from, to - from);
    } else {
      FrameHeader.putMasked(batch, firstByte & 0x0F, to - from, key);
      int start = batch.position();
      batch.put(payload, from, to - from);
      FrameHeader.mask(batch.duplicate().position(start).limit(batch.position()), key);
    }
    batch.put(at, (byte) firstByte);
  }
}
