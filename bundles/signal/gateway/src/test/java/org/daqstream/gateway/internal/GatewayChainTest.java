/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.client.Gap;
import org.daqstream.client.StreamingClient;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.StructMember;
import org.daqstream.testing.Await;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Three runtimes in a row: what the last one tells is what the first one has. */
public final class GatewayChainTest {
  private static final int DELTA = 1000;
  private static final int STEADY_MS = 300;

  private final TestRuntime first = new TestRuntime();
  private final TestRuntime second = new TestRuntime();
  private final TestRuntime third = new TestRuntime();
  private final SignalTable line =
      first.registry().openTable(SignalDescriptor.linearTime("time", DELTA));
  private final SignalPort v = line.open(SignalDescriptor.value("v", DataTypes.REAL64).build());
  private final SignalPort w = line.open(SignalDescriptor.value("w", DataTypes.INT16).build());
  private final List<StreamingClient> clients = new ArrayList<>();

  @Before
  public void chain() {
    second.importFrom(first, "a");
    third.importFrom(second, "b");
    third.awaitSignals("b/a/v", "b/a/w", "b/a/time");
  }

  @After
  public void close() {
    clients.forEach(StreamingClient::close);
    third.close();
    second.close();
    first.close();
    Await.noThread("daqstream-gateway");
    Await.noThread("daqstream-client");
  }

  private Samples samples(TestRuntime runtime, String signalId) throws Exception {
    StreamingClient client = runtime.connect();
    clients.add(client);
    return new Samples(client, signalId);
  }

  /**
   * Of as many clients of the first runtime, of which one is the second runtime; for some time,
   * because a link subscribes for a moment to have a signal described.
   */
  private void awaitDemand(int clientsAtFirst, String... signalIds) {
    for (String each : signalIds) {
      AtomicLong since = new AtomicLong(System.nanoTime());
      Await.until(
          "the chain wants " + each,
          () -> {
            if (second.subscribers("a/" + each) != 1 || first.subscribers(each) != clientsAtFirst) {
              since.set(System.nanoTime());
            }
            return Await.sinceMs(since.get()) > STEADY_MS;
          });
    }
  }

  @Test
  public void linearTablesArriveWithTheirRowsTicksAndHoles() throws Exception {
    v.write(0, new double[100], 0, 100); // nobody wants these, but they are rows
    Samples vHere = samples(first, "v");
    Samples vThere = samples(third, "b/a/v");
    Samples wThere = samples(third, "b/a/w");
    awaitDemand(2, "v");
    awaitDemand(1, "w");
    long tick = 100 * DELTA;
    for (int block = 0; block < 50; block++) {
      double[] values = {block, block + 0.25, -block};
      v.write(tick, values, 0, 3);
      if (block % 10 != 5) { // a hole of this one
        w.write(tick, new short[] {(short) block, 1, 2}, 0, 3);
      }
      tick += block == 30 ? 777_777 : 3L * DELTA; // a jump
    }
    vHere.await(150);
    vThere.await(150);
    wThere.await(135);
    assertEquals(vHere.samples, vThere.samples);
    assertEquals("100 100000 0000000000000000", vThere.samples.get(0));
    assertEquals(1, vThere.gaps.size());
    assertEquals(Gap.Reason.DOMAIN, vThere.gaps.get(0).reason());
    assertEquals(6, wThere.gaps.size());
    Gap hole = wThere.gaps.get(0);
    assertEquals(List.of(115L, 118L), List.of(hole.fromRow(), hole.toRow()));
    assertEquals(List.of(115_000L, 118_000L), List.of(hole.fromTick(), hole.toTick()));
  }

  @Test
  public void stampsStructsAndBytesArrive() throws Exception {
    SignalTable events = first.registry().openTable(SignalDescriptor.explicitTime("when"));
    SignalDescriptor frame =
        SignalDescriptor.value("can", DataTypes.STRUCT)
            .members(
                List.of(
                    new StructMember("id", DataTypes.UINT64),
                    new StructMember("level", DataTypes.REAL32)))
            .build();
    SignalPort structs = events.open(frame);
    SignalPort bytes = events.open(SignalDescriptor.value("raw", DataTypes.BINARY).build());
    third.awaitSignals("b/a/can", "b/a/raw");
    Samples structsHere = samples(first, "can");
    Samples structsThere = samples(third, "b/a/can");
    Samples bytesHere = samples(first, "raw");
    Samples bytesThere = samples(third, "b/a/raw");
    awaitDemand(2, "can", "raw");
    StructBuffer block = StructBuffer.allocate(StructLayout.of(frame), 2);
    block.add().setLong(0, 77).setDouble(1, 0.5);
    block.add().setLong(0, -1).setDouble(1, 1.5);
    for (int i = 0; i < 20; i++) {
      long[] stamps = {1000L * i, 1000L * i + 7};
      structs.write(stamps, block, 0, 2);
      bytes.write(new long[] {5L * i}, new byte[] {1, 2, (byte) i}, 0, 1);
    }
    structsHere.await(40);
    structsThere.await(40);
    bytesHere.await(20);
    bytesThere.await(20);
    assertEquals(withoutRows(structsHere), withoutRows(structsThere));
    assertEquals(withoutRows(bytesHere), withoutRows(bytesThere));
  }

  private static List<String> withoutRows(Samples samples) {
    return samples.samples.stream().map(each -> each.substring(each.indexOf(' '))).toList();
  }

  @Test
  public void siblingsThatShareStampsShareRows() throws Exception {
    SignalTable events = first.registry().openTable(SignalDescriptor.explicitTime("when"));
    events.open(SignalDescriptor.value("p", DataTypes.REAL64).build());
    events.open(SignalDescriptor.value("q", DataTypes.REAL64).build());
    third.awaitSignals("b/a/p", "b/a/q");
    Samples p = samples(third, "b/a/p");
    Samples q = samples(third, "b/a/q");
    awaitDemand(1, "p", "q");
    for (int i = 0; i < 10; i++) {
      double[] values = {i, i};
      events.write(new long[] {i, i + 100L}, new Object[] {values, values}, 0, 2);
    }
    p.await(20);
    q.await(20);
    assertEquals(p.samples, q.samples);
  }

  @Test
  public void tenClientsAreOneSubscriptionUpstream() throws Exception {
    Samples one = samples(third, "b/a/v");
    for (int i = 1; i < 10; i++) {
      samples(third, "b/a/v");
    }
    awaitDemand(1, "v");
    assertEquals(10, third.subscribers("b/a/v"));
    assertEquals(1, second.subscribers("a/v"));
    assertEquals(1, first.subscribers("v"));
    assertEquals("nobody wants this one", 0, first.subscribers("w"));
    one.subscription.close();
    clients.forEach(StreamingClient::close);
    Await.until(
        "nobody wants it", () -> first.subscribers("v") == 0 && second.subscribers("a/v") == 0);
    Samples again = samples(third, "b/a/v");
    awaitDemand(1, "v");
    v.write(0, new double[] {1, 2}, 0, 2);
    again.await(2);
    assertEquals(List.of(), again.gaps);
  }

  @Test
  public void whoComesLaterGetsWhatIsKept() throws Exception {
    SignalPort kept =
        line.open(SignalDescriptor.value("kept", DataTypes.INT32).replayLast(true).build());
    SignalPort constant =
        line.open(SignalDescriptor.value("k", DataTypes.INT32).rule(Rule.CONSTANT).build());
    kept.write(5_000, new int[] {7}, 0, 1);
    constant.write(5_000, new int[] {9}, 0, 1);
    third.awaitSignals("b/a/kept", "b/a/k");
    for (int round = 0; round < 3; round++) {
      Samples early = samples(third, "b/a/kept");
      early.await(1);
      Samples late = samples(third, "b/a/kept");
      late.await(1);
      assertEquals("0 5000 07000000", early.samples.get(0));
      assertEquals("0 5000 07000000", late.samples.get(0));
      Samples held = samples(third, "b/a/k");
      held.await(1);
      assertEquals("0 5000 09000000", held.samples.get(0));
      clients.forEach(StreamingClient::close);
      Await.until("nobody wants it", () -> first.subscribers("kept") + first.subscribers("k") == 0);
    }
  }

  @Test
  public void signalsGoWithTheirServerAndComeBack() throws Exception {
    Samples there = samples(third, "b/a/v");
    awaitDemand(1, "v");
    v.write(0, new double[] {1, 2, 3}, 0, 3);
    there.await(3);
    first.stopServer();
    Await.until("they are withdrawn", () -> third.ids().isEmpty());
    v.write(3L * DELTA, new double[] {4, 5}, 0, 2);
    first.startServer();
    third.awaitSignals("b/a/v", "b/a/w");
    awaitDemand(1, "v");
    v.write(5L * DELTA, new double[] {6}, 0, 1);
    there.await(4);
    assertEquals("5 5000 0000000000001840", there.samples.get(3));
    assertEquals(1, there.gaps.size());
    Gap gap = there.gaps.get(0);
    assertEquals(List.of(3L, 5L), List.of(gap.fromRow(), gap.toRow()));
    assertEquals(List.of(3000L, 5000L), List.of(gap.fromTick(), gap.toTick()));
  }
}
