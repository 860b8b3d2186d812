/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.CanFrame;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * Explicit time is right, sample for sample (cases 67 and 72, sections 3.5 and 3.6): numbers, CAN
 * frames and constants on one domain, at irregular times, in bursts and with equal stamps, in
 * blocks of any size. Clients of every family read as their family does: the older one takes the
 * first stamp of a packet for all of its samples, the stock one pairs a value packet with the last
 * packet of stamps. Every sample tells its row, so a wrong, lost or repeated one is seen.
 */
public class EventTimesTest {
  private static final String FULL = "User-Agent: daqstream/0.1";
  private static final String LT = "User-Agent: Boost.Beast/345 stream-client";
  private static final List<String> FAMILIES = List.of(FULL, LT, Dialogue.WS_STREAMING);
  private static final int ROWS = 4_000;
  private static final long SEED = 67;

  private final Random random = new Random(SEED);
  private final long[] stamps = irregularStamps(random);
  private final StructLayout canLayout = StructLayout.of(CanFrame.MEMBERS);
  private TestServer server;
  private SignalTap number;
  private SignalTap can;
  private SignalTap constant;

  @Before
  public void startServer() throws Exception {
    server = new TestServer();
    TableTap table = server.sink().openTable(SignalDescriptor.explicitTime("at"));
    number = TestServer.signal(table, "number");
    can =
        table.openSignal(
            SignalDescriptor.value("can", "struct").members(CanFrame.MEMBERS).build(),
            new PackedBytes("struct", canLayout.recordBytes()));
    constant =
        table.openSignal(
            SignalDescriptor.value("constant", "int64").rule(Rule.CONSTANT).build(),
            new PackedBytes("int64", Long.BYTES));
  }

  @After
  public void stopServer() throws Exception {
    server.close();
  }

  /** Gaps of 1 ns to 1000 s, and every now and then a burst or several events at one time. */
  private static long[] irregularStamps(Random random) {
    long[] stamps = new long[ROWS];
    long stamp = 1_700_000_000_000_000_000L;
    for (int row = 0; row < ROWS; row++) {
      stamps[row] = stamp;
      if (random.nextInt(4) > 0) {
        stamp += (long) Math.pow(10, 12 * random.nextDouble());
      }
    }
    return stamps;
  }

  /** A client that reads as those of its family do. */
  private final class Reader implements AutoCloseable {
    final Peer peer;
    final String family;
    final Map<String, Integer> firstRow = new HashMap<>();
    final Map<String, Integer> nextRow = new HashMap<>();
    private final Map<Integer, String> signals = new HashMap<>();
    private final int domainSigno;
    private long[] lastStamps = {};

    Reader(String family, String... signalIds) throws Exception {
      this.family = family;
      peer = Peer.connect(server.port(), family);
      Dialogue.subscribe(server, peer, signalIds);
      Dialogue.Subscribed first = Dialogue.expectSubscribed(peer, "at", signalIds[0]);
      domainSigno = first.domainSigno();
      signals.put(first.signo(), signalIds[0]);
      for (int i = 1; i < signalIds.length; i++) {
        signals.put(Dialogue.expectAcknowledged(peer, signalIds[i]).signo(), signalIds[i]);
      }
    }

    void readTo(int row) throws Exception {
      while (signals.values().stream().anyMatch(id -> nextRow.getOrDefault(id, 0) < row)) {
        Peer.Packet packet = peer.next("data");
        if (packet.signo() == domainSigno) {
          takeStamps(packet.payload());
        } else {
          takeSamples(signals.get(packet.signo()), packet.payload());
        }
      }
    }

    private void takeStamps(ByteBuffer payload) {
      lastStamps = new long[payload.remaining() / Long.BYTES];
      payload.asLongBuffer().get(lastStamps);
    }

    private void takeSamples(String signalId, ByteBuffer payload) {
      List<Integer> rows = rowsIn(signalId, payload);
      assertEquals("as many stamps as samples", lastStamps.length, rows.size());
      for (int i = 0; i < rows.size(); i++) {
        int row = rows.get(i);
        String what = family + ", " + signalId + ", row " + row;
        assertEquals(what, nextRow.getOrDefault(signalId, row).intValue(), row);
        assertEquals(what, stamps[row], lastStamps[family.equals(LT) ? 0 : i]);
        firstRow.putIfAbsent(signalId, row);
        nextRow.put(signalId, row + 1);
      }
    }

    private List<Integer> rowsIn(String signalId, ByteBuffer payload) {
      List<Integer> rows = new ArrayList<>();
      while (payload.hasRemaining()) {
        switch (signalId) {
          case "number" -> rows.add((int) -payload.getDouble());
          case "can" -> {
            byte[] frame = new byte[canLayout.recordBytes()];
            payload.get(frame);
            rows.add(rowOf(frame));
          }
          default -> {
            long row = payload.getLong();
            if (family.equals(FULL)) {
              assertEquals("the value tells the row in front of it", row, payload.getLong());
            }
            rows.add((int) row);
          }
        }
      }
      return rows;
    }

    @Override
    public void close() throws IOException {
      peer.close();
    }
  }

  private int rowOf(byte[] packed) {
    StructBuffer frame = StructBuffer.wrap(canLayout, ByteBuffer.wrap(packed));
    int row = (int) frame.getLong(CanFrame.ARB_ID);
    assertEquals(row % 9, frame.getLong(CanFrame.LENGTH));
    assertEquals(row & 0xFF, frame.getLong(CanFrame.DATA, 63));
    return row;
  }

  private void writeNumbers(int from, int to) {
    double[] samples = new double[to - from];
    Arrays.setAll(samples, i -> -(double) (from + i));
    write(number, from, to, samples);
  }

  private void writeFrames(int from, int to) {
    StructBuffer frames = StructBuffer.allocate(canLayout, to - from);
    for (int row = from; row < to; row++) {
      frames.add().setLong(CanFrame.ARB_ID, row).setLong(CanFrame.LENGTH, row % 9);
      frames.setLong(CanFrame.DATA, 63, row & 0xFF);
    }
    write(can, from, to, frames.bytes().array());
  }

  private void writeConstants(int from, int to) {
    ByteBuffer rows = ByteBuffer.allocate((to - from) * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = from; row < to; row++) {
      rows.putLong(row);
    }
    write(constant, from, to, rows.array());
  }

  private void write(SignalTap signal, int from, int to, Object samples) {
    long[] ticks = Arrays.copyOfRange(stamps, from, to);
    WriteResult result = signal.accept(from, ticks[0], ticks, samples, 0, ticks.length);
    assertTrue(result.toString(), result != WriteResult.TOO_LARGE && result != WriteResult.FAILED);
  }

  /** Blocks of 1 to 300 rows; siblings have the same rows, in blocks of their own. */
  private void write(int from, int to) {
    for (int at = from; at < to; ) {
      int end = Math.min(to, at + 1 + random.nextInt(random.nextBoolean() ? 5 : 300));
      int middle = at + random.nextInt(end - at);
      writeNumbers(at, end);
      if (middle > at) {
        writeFrames(at, middle);
        writeConstants(at, middle);
      }
      writeFrames(middle, end);
      writeConstants(middle, end);
      at = end;
    }
  }

  @Test
  public void everySampleHasItsStampForEveryFamilyFromAnyTimeOn() throws Exception {
    List<Reader> readers = new ArrayList<>();
    try {
      for (String family : FAMILIES) {
        readers.add(new Reader(family, "number", "can", "constant"));
        readers.add(new Reader(family, "can"));
      }
      write(0, ROWS / 2);
      for (String family : FAMILIES) { // in the middle, each with one signal or all of them
        readers.add(new Reader(family, "can", "number", "constant"));
        readers.add(new Reader(family, "number"));
      }
      write(ROWS / 2, ROWS);
      for (Reader reader : readers) {
        reader.readTo(ROWS);
        Dialogue.expectNothing(reader.peer);
      }
      for (int i = 0; i < readers.size(); i++) {
        assertFirstRows(i < 2 * FAMILIES.size() ? 0 : ROWS / 2, readers.get(i).firstRow);
      }
    } finally {
      for (Reader reader : readers) {
        reader.close();
      }
    }
  }

  /** A constant holds from before: a new subscriber gets its last value with that one's stamp. */
  private static void assertFirstRows(int row, Map<String, Integer> firstRows) {
    firstRows.forEach(
        (signalId, first) ->
            assertEquals(
                signalId, signalId.equals("constant") ? Math.max(0, row - 1) : row, (int) first));
  }
}
