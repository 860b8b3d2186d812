/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.ByteBuffer;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.DelegatingWriter;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Doubles;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.WitnessedServer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Blocks that cannot be published are refused alone; subscribers are told of the hole. */
public class PublisherFaultTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  private WitnessedServer server;
  private TableTap table;

  @Before
  public void start() throws Exception {
    server = new WitnessedServer("ringBytes", 1 << 20);
    table = server.server.table("t");
  }

  @After
  public void stop() throws Exception {
    server.close();
  }

  private static WriteResult write(SignalTap tap, long row, int count) {
    return tap.accept(row, row * TestServer.DELTA, null, new double[count], 0, count);
  }

  /** Subscribes and gets a first block of two rows. */
  private Peer subscriber(SignalTap tap) throws Exception {
    Peer peer = server.offender();
    Dialogue.request(peer, 1, "subscribe", "v");
    Dialogue.expectSubscribed(peer, "t", "v");
    Dialogue.expectResponse(peer, 1);
    assertEquals(WriteResult.ACCEPTED, write(tap, 0, 2));
    peer.next("data"); // the line
    peer.next("data");
    return peer;
  }

  private void expectBlockBehindHole(Peer peer, SignalTap tap, long row) throws Exception {
    assertEquals(WriteResult.ACCEPTED, write(tap, row, 3));
    assertEquals(row, peer.next("signal").params().path("valueIndex").longValue());
    assertEquals(24, peer.next("data").payload().remaining());
    assertEquals(WriteResult.ACCEPTED, write(tap, row + 3, 1));
    assertEquals(8, peer.next("data").payload().remaining());
  }

  @Test
  public void blockLargerThanTheLogIsRefusedCountedAndToldAsAHole() throws Exception {
    SignalTap tap = TestServer.signal(table, "v");
    try (Peer peer = subscriber(tap)) {
      assertEquals(WriteResult.TOO_LARGE, write(tap, 2, 100_000));
      assertEquals(WriteResult.TOO_LARGE, write(tap, 2, 10_000_000));
      assertEquals(2, server.statistics().count(ServerEvent.BLOCK_TOO_LARGE));
      expectBlockBehindHole(peer, tap, 100_002);
    }
  }

  @Test
  public void largestBlockThatFitsIsDelivered() throws Exception {
    SignalTap tap = TestServer.signal(table, "v");
    try (Peer peer = subscriber(tap)) {
      int count = (1 << 19) / Double.BYTES;
      assertEquals(WriteResult.ACCEPTED, write(tap, 2, count));
      int bytes = 0;
      while (bytes < 1 << 19) {
        bytes += peer.next("data").payload().remaining();
      }
      assertEquals(1 << 19, bytes);
    }
  }

  @Test
  public void writerThatThrowsOrWritesTooLittleOrTooMuchHarmsNobodyElse() throws Exception {
    for (Fault fault : new Fault[] {Fault.THROWS, Fault.TOO_LITTLE, Fault.TOO_MUCH}) {
      FaultyWriter writer = new FaultyWriter(Double.BYTES);
      SignalTap tap = table.openSignal(SignalDescriptor.value("v", "real64").build(), writer);
      try (Peer peer = subscriber(tap)) {
        writer.fault = fault;
        assertThrows(fault.toString(), RuntimeException.class, () -> write(tap, 2, 10));
        assertThrows(fault.toString(), RuntimeException.class, () -> write(tap, 2, 20_000));
        writer.fault = Fault.NONE;
        expectBlockBehindHole(peer, tap, 12);
        server.expectWitnessGoesOn();
      }
      tap.close();
    }
  }

  @Test
  public void writerThatAnnouncesAbsurdSizesIsRefused() throws Exception {
    FaultyWriter writer = new FaultyWriter(SignalWriter.VARIABLE);
    SignalTap tap = table.openSignal(SignalDescriptor.value("v", "real64").build(), writer);
    try (Peer peer = subscriber(tap)) {
      peer.next("data"); // samples of any size come one by one
      writer.fault = Fault.HUGE;
      assertEquals(WriteResult.TOO_LARGE, write(tap, 2, 10));
      writer.fault = Fault.HUGE_IN_PARTS;
      assertEquals(WriteResult.TOO_LARGE, write(tap, 2, 10_000));
      writer.fault = Fault.NONE;
      assertEquals(WriteResult.ACCEPTED, write(tap, 10_002, 1));
      assertEquals(10_002, peer.next("signal").params().path("valueIndex").longValue());
      assertEquals(8, peer.next("data").payload().remaining());
    }
  }

  private enum Fault {
    NONE,
    THROWS,
    TOO_LITTLE,
    TOO_MUCH,
    HUGE,
    HUGE_IN_PARTS
  }

  private static final class FaultyWriter extends DelegatingWriter {
    private final int sampleBytes;
    private Fault fault = Fault.NONE;

    FaultyWriter(int sampleBytes) {
      super(new Doubles());
      this.sampleBytes = sampleBytes;
    }

    @Override
    public int sampleBytes() {
      return sampleBytes;
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      return switch (fault) {
        case HUGE -> Integer.MAX_VALUE - count;
        case HUGE_IN_PARTS -> count == 10_000 ? 80_000 : 1 << 20;
        default -> count * Double.BYTES;
      };
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      if (fault == Fault.THROWS) {
        throw new IllegalArgumentException("sample refused");
      }
      int values = fault == Fault.TOO_LITTLE ? count - 1 : count;
      for (int i = 0; i < values; i++) {
        target.putDouble(1);
      }
      if (fault == Fault.TOO_MUCH) {
        target.putDouble(2);
      }
    }
  }
}
