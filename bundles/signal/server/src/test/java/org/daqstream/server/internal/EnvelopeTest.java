/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.daqstream.server.internal.start.TestServer.DELTA;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** What a client of ours gets that asks for an envelope of a signal (section 2.7). */
public class EnvelopeTest {
  private static final String FULL = "User-Agent: daqstream/test";
  private static final String ENVELOPE = "v?contract=envelope&perSecond=100"; // ten samples each

  @Rule public final Timeout timeout = Timeout.seconds(60);

  @Rule
  public final TestServer server = new TestServer("ringBytes", 1 << 20, "sendBufferBytes", 65_536);

  private final TableTap table = server.table("time");
  private final SignalTap v = TestServer.signal(table, "v");
  private long row;

  /** A point of an envelope. */
  @SuppressWarnings("ArrayRecordComponent") // not compared, not changed
  private record Point(long stamp, long row, long count, long lastTick, double... values) {
    static Point of(ByteBuffer stamp, ByteBuffer sample) {
      assertEquals(8, stamp.remaining());
      assertEquals(3 * 8 + 4 * 8, sample.remaining());
      return new Point(
          stamp.getLong(),
          sample.getLong(),
          sample.getLong(),
          sample.getLong(),
          sample.getDouble(),
          sample.getDouble(),
          sample.getDouble(),
          sample.getDouble());
    }

    double first() {
      return values[0];
    }

    double min() {
      return values[1];
    }

    double max() {
      return values[2];
    }

    double last() {
      return values[3];
    }
  }

  private void write(double... samples) {
    v.accept(row, row * DELTA, null, samples, 0, samples.length);
    row += samples.length;
  }

  private static Point expectPoint(Peer peer, Dialogue.Subscribed ids) throws Exception {
    ByteBuffer stamp = Dialogue.expectData(peer, ids.domainSigno());
    return Point.of(stamp, Dialogue.expectData(peer, ids.signo()));
  }

  @Test
  public void envelopeHasFirstLastAndExtremesOfEachStretch() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, ENVELOPE);
    write(5, 6, 1, 7, 2, 9, 3, 4, 8, 6.5, /* next */ 1, 1);
    write(1, 1, 1, 1, 1, 1, 1, 1, /* next */ 2);
    Point point = expectPoint(peer, ids);
    assertEquals(0, point.stamp());
    assertEquals(0, point.row());
    assertEquals(10, point.count());
    assertEquals(9 * DELTA, point.lastTick());
    assertArrayEquals(new double[] {5, 1, 9, 6.5}, point.values(), 0);
    point = expectPoint(peer, ids);
    assertEquals(10 * DELTA, point.stamp());
    assertArrayEquals(new double[] {1, 1, 1, 1}, point.values(), 0);
    Dialogue.expectNothing(peer);
  }

  @Test
  public void envelopeOfRandomBlocksIsThatOfAllSamples() throws Exception {
    Random random = new Random(13);
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, ENVELOPE);
    List<Double> all = new ArrayList<>();
    while (all.size() < 20_000) {
      double[] block = random.doubles(1 + random.nextInt(37)).toArray();
      block[random.nextInt(block.length)] = random.nextInt(50) == 0 ? Double.NaN : 1e6;
      for (double sample : block) {
        all.add(sample);
      }
      write(block);
    }
    long next = 0;
    while (next < all.size() - 20) {
      Point point = expectPoint(peer, ids);
      assertEquals("no sample is left out", next, point.row());
      next = point.row() + point.count();
      List<Double> part = all.subList((int) point.row(), (int) next);
      assertEquals(part.get(0), point.first(), 0);
      assertEquals(part.get(part.size() - 1), point.last(), 0);
      double[] numbers = part.stream().mapToDouble(d -> d).filter(d -> !Double.isNaN(d)).toArray();
      assertEquals(Arrays.stream(numbers).min().orElse(Double.NaN), point.min(), 0);
      assertEquals(Arrays.stream(numbers).max().orElse(Double.NaN), point.max(), 0);
      assertEquals(point.row() * DELTA, point.stamp());
      assertEquals((next - 1) * DELTA, point.lastTick());
    }
  }

  @Test
  public void pointDoesNotGoOverAHole() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, ENVELOPE);
    write(1, 2);
    row += 3;
    write(4, 5, 6, 7, 8, 9);
    Point before = expectPoint(peer, ids);
    Point behind = expectPoint(peer, ids);
    assertEquals(2, before.count());
    assertEquals(5, behind.row());
    assertEquals(5 * DELTA, behind.stamp());
    assertEquals(5, behind.count());
  }

  @Test
  public void pointThatIsNotFullIsToldWhenNothingComes() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, ENVELOPE);
    write(1, 2, 3);
    assertEquals(3, expectPoint(peer, ids).count());
  }

  @Test
  public void envelopeIsDescribedAsStructOfTheSignalsType() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.subscribe(server, peer, ENVELOPE);
    JsonNode domain =
        Dialogue.expectAcknowledged(peer, ENVELOPE + "&domain").params().path("definition");
    assertEquals("explicit", domain.path("rule").textValue());
    JsonNode definition = Dialogue.expectAcknowledged(peer, ENVELOPE).params().path("definition");
    assertEquals("struct", definition.path("dataType").textValue());
    assertEquals("real64", definition.path("struct").path(5).path("dataType").textValue());
    assertEquals("max", definition.path("struct").path(5).path("name").textValue());
  }

  @Test
  public void rateMayChangeUnderAnEnvelope() throws Exception {
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, ENVELOPE);
    write(1, 2, 3);
    table.updateDomain(SignalDescriptor.linearTime("time", 5 * DELTA));
    v.accept(3, 40 * DELTA, null, new double[] {4, 5, 6, 7, 8}, 0, 5);
    assertEquals(3, expectPoint(peer, ids).count());
    Point point = expectPoint(peer, ids);
    assertEquals(40 * DELTA, point.stamp());
    assertEquals(2, point.count());
    assertEquals(45 * DELTA, point.lastTick());
  }

  @Test
  public void envelopeHasItsPointsInSecondsWhateverTheUnitOfTime() throws Exception {
    SignalDescriptor ms =
        SignalDescriptor.linearTime("ms", 1).toBuilder()
            .unit(new Unit(Unit.NONE.unitId(), "ms", "millisecond", "time"))
            .resolution(new Resolution(1, 1))
            .build();
    SignalTap m = TestServer.signal(server.sink().openTable(ms), "m");
    Peer peer = server.connect(FULL);
    Dialogue.Subscribed ids =
        Dialogue.subscribeDerived(server, peer, "m?contract=envelope&perSecond=100");
    m.accept(0, 0, null, new double[11], 0, 11);
    assertEquals(10, expectPoint(peer, ids).count());
  }

  @Test
  public void eventsHaveAnEnvelope() throws Exception {
    SignalTap e =
        TestServer.signal(server.sink().openTable(SignalDescriptor.explicitTime("at")), "e");
    Peer peer = server.connect(FULL);
    String id = "e?contract=envelope&perSecond=1000";
    Dialogue.Subscribed ids = Dialogue.subscribeDerived(server, peer, id);
    long[] stamps = {100, 200, DELTA - 1, DELTA, DELTA, 5 * DELTA};
    e.accept(0, 0, stamps, new double[] {3, 1, 2, 7, 8, 9}, 0, stamps.length);
    Point point = expectPoint(peer, ids);
    assertEquals(100, point.stamp());
    assertEquals(DELTA - 1, point.lastTick());
    assertArrayEquals(new double[] {3, 1, 3, 2}, point.values(), 0);
    assertArrayEquals(new double[] {7, 7, 8, 8}, expectPoint(peer, ids).values(), 0);
  }
}
