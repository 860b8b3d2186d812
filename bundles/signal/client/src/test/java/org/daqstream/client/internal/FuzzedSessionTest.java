/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.daqstream.protocol.FrameReader;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.ProtocolException;
import org.junit.Before;
import org.junit.Test;

/**
 * Random bytes, and captured sessions with random faults, into the reading half: nothing but {@link
 * ProtocolException} ever leaves, and no problem is a mistake of ours. The seed of a failure is in
 * its message; {@code -Ddaqstream.fuzz.seconds} makes it longer.
 */
public class FuzzedSessionTest {
  private static final long BUDGET_NANOS =
      TimeUnit.MILLISECONDS.toNanos(
          Math.max(1_500, 1_000 * Long.getLong("daqstream.fuzz.seconds", 0)));
  private static final int BUFFER_BYTES = 4096;

  private final List<List<byte[]>> sessions = new ArrayList<>();

  @Before
  public void readSessions() throws IOException {
    for (String name : List.of("lt-siggen", "wss-can", "wss-source")) {
      try (InputStream in =
          getClass().getResourceAsStream("/org/daqstream/client/" + name + ".hex")) {
        sessions.add(
            new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                .lines()
                .filter(each -> !each.equals("request"))
                .map(HexFormat.of()::parseHex)
                .toList());
      }
    }
  }

  /** Feeds a session as a socket does, in pieces. */
  private static GreedyEvents feed(List<byte[]> frames, SplittableRandom random) {
    GreedyEvents events = new GreedyEvents();
    RemoteSession session = new RemoteSession(Limits.DEFAULT, events);
    PacketReader packets = new PacketReader(Limits.DEFAULT, session);
    FrameReader reader =
        new FrameReader(
            new FrameReader.Target() {
              @Override
              public void message(ByteBuffer part, boolean startsMessage) {
                packets.read(part, startsMessage);
              }

              @Override
              public void control(int opcode, ByteBuffer payload) {
                payload.get(new byte[payload.remaining()]);
              }
            });
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    try {
      for (byte[] each : frames) {
        for (int at = 0; at < each.length; ) {
          int count = Math.min(each.length - at, 1 + random.nextInt(buffer.remaining()));
          buffer.put(each, at, count).flip();
          at += count;
          reader.read(buffer);
          session.flush();
          buffer.compact();
          assertTrue("a full buffer that nobody takes", buffer.hasRemaining());
        }
      }
    } catch (ProtocolException e) {
      // The end of this connection.
    }
    return events;
  }

  private static byte[] damaged(byte[] frame, SplittableRandom random) {
    byte[] bytes = frame.clone();
    switch (random.nextInt(5)) {
      case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      case 1 ->
          bytes[random.nextInt(Math.min(bytes.length, 12))] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      case 3 -> {
        int from = random.nextInt(bytes.length);
        int to = from + random.nextInt(bytes.length - from);
        random.nextBytes(bytes);
        System.arraycopy(frame, 0, bytes, 0, from);
        System.arraycopy(frame, to, bytes, to, bytes.length - to);
      }
      default -> {
        // Within a number of a document.
        for (int i = 0; i < 8; i++) {
          bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? 0xFF : 0);
        }
      }
    }
    return bytes;
  }

  private static void assertNoMistakeOfOurs(long seed, GreedyEvents events) {
    assertEquals(
        "seed " + seed,
        List.of(),
        events.problems().stream().filter(each -> each.contains("packet type")).toList());
  }

  @Test
  public void capturedSessionsWithFaults() {
    long startNanos = System.nanoTime();
    long seed = startNanos;
    long samples = 0;
    while (System.nanoTime() - startNanos < BUDGET_NANOS) {
      SplittableRandom random = new SplittableRandom(++seed);
      List<byte[]> frames = new ArrayList<>(sessions.get(random.nextInt(sessions.size())));
      for (int faults = 1 + random.nextInt(4); faults > 0; faults--) {
        int at = random.nextInt(frames.size());
        switch (random.nextInt(4)) {
          case 0 -> frames.add(at, frames.get(random.nextInt(frames.size())));
          case 1 -> frames.remove(at);
          default -> {
            byte[] damaged = damaged(frames.get(at), random);
            if (damaged.length > 0) {
              frames.set(at, damaged);
            }
          }
        }
      }
      GreedyEvents events;
      try {
        events = feed(frames, random);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
      assertNoMistakeOfOurs(seed, events);
      samples += events.samples();
    }
    assertTrue("some samples came through", samples > 0);
  }

  @Test
  public void randomBytesInFrames() {
    long startNanos = System.nanoTime();
    long seed = startNanos;
    while (System.nanoTime() - startNanos < BUDGET_NANOS) {
      SplittableRandom random = new SplittableRandom(++seed);
      List<byte[]> frames = new ArrayList<>(sessions.get(random.nextInt(sessions.size())));
      for (int i = 0; i < 20; i++) {
        byte[] payload = new byte[1 + random.nextInt(120)];
        random.nextBytes(payload);
        byte[] frame = new byte[2 + payload.length];
        frame[0] = (byte) 0x82;
        frame[1] = (byte) payload.length;
        System.arraycopy(payload, 0, frame, 2, payload.length);
        if (random.nextBoolean() && payload.length > 4) {
          frame[2] = (byte) random.nextInt(5); // a number that is known
          frame[3] = 0;
          frame[4] = (byte) ((payload.length - 4) << 4);
          frame[5] = (byte) ((0x10 * (1 + random.nextInt(2))) | ((payload.length - 4) >> 4));
        }
        frames.add(random.nextInt(frames.size()), frame);
      }
      try {
        assertNoMistakeOfOurs(seed, feed(frames, random));
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
