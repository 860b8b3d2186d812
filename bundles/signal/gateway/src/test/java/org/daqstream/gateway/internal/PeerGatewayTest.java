/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.client.ConnectionListener;
import org.daqstream.client.Gap;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.client.SignalPublication;
import org.daqstream.client.StreamingClient;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructBuffer;
import org.daqstream.signal.api.StructLayout;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.testing.Await;
import org.junit.After;
import org.junit.Test;

/** Clients publish to a server, which offers it to its clients, with sockets between. */
public final class PeerGatewayTest {
  private static final SignalDescriptor TIME = SignalDescriptor.linearTime("time", 1000);
  private static final String PREFIX = "clients/127.0.0.1/press/";

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> problems = new CopyOnWriteArrayList<>();

  private TestRuntime runtime(Object... keysAndValues) {
    TestRuntime runtime = new TestRuntime(keysAndValues);
    open.add(runtime);
    return runtime;
  }

  private TestRuntime accepting() {
    return runtime("acceptSignals", true);
  }

  private StreamingClient publisher(TestRuntime to) {
    StreamingClient client =
        StreamingClient.at(to.address())
            .name("press")
            .reconnect(20, 100)
            .listener(
                new ConnectionListener() {
                  @Override
                  public void problem(String what) {
                    problems.add(what);
                  }
                })
            .open();
    open.add(client);
    return client;
  }

  private Samples samples(TestRuntime runtime, String signalId) throws Exception {
    Await.until( // the registry has it before the server does
        "the server offers " + signalId,
        () ->
            runtime.monitor().signals().stream()
                .anyMatch(each -> each.signalId().equals(signalId)));
    StreamingClient client = runtime.connect();
    open.add(client);
    return new Samples(client, signalId);
  }

  /** Until somebody wants it, and not only the gateway for a moment. */
  private static void awaitWanted(TestRuntime server, SignalPublication line) {
    AtomicLong since = new AtomicLong(System.nanoTime());
    Await.until(
        "it is wanted",
        () -> {
          if (server.subscribers(PREFIX + "v") != 1 || !line.hasSubscriber()) {
            since.set(System.nanoTime());
          }
          return Await.sinceMs(since.get()) > 300;
        });
  }

  private static SignalDescriptor value(String id, String type) {
    return SignalDescriptor.value(id, type).build();
  }

  @After
  public void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    Await.noThread("daqstream-gateway");
    Await.noThread("daqstream-client");
  }

  @Test
  public void whatAClientPublishesHasItsRowsAndTimesForAll() throws Exception { // case 88
    TestRuntime server = accepting();
    SignalPublication line =
        publisher(server).publish(TIME, value("v", DataTypes.REAL64), value("w", DataTypes.INT16));
    Samples v = samples(server, PREFIX + "v");
    Samples w = samples(server, PREFIX + "w");
    Await.until(
        "both are asked for",
        () -> {
          line.write(0, 1, new double[] {1}, new short[] {1});
          return !v.samples.isEmpty() && !w.samples.isEmpty();
        });
    for (int i = 0; i < 50; i++) {
      line.write(
          1_000_000 + 3000L * i, 3, new double[] {i, 2, 3}, i == 20 ? null : new short[] {1, 2, 3});
    }
    Await.until("the last", () -> last(v).startsWith(rowOf(v) + " 1149000 "));
    Await.until("the last", () -> last(w).startsWith(rowOf(w) + " 1149000 "));
    assertEquals("rows are common", rowOf(v), rowOf(w));
    int start = v.samples.size() - 150;
    long firstRow = Long.parseLong(rowOf(v)) - 149;
    for (int i = 0; i < 150; i++) {
      String expected = (firstRow + i) + " " + (1_000_000 + 1000 * i) + " ";
      assertTrue(v.samples.get(start + i), v.samples.get(start + i).startsWith(expected));
    }
    Gap hole = w.gaps.get(w.gaps.size() - 1);
    assertEquals(3, hole.rows());
    assertEquals(List.of(1_060_000L, 1_063_000L), List.of(hole.fromTick(), hole.toTick()));
  }

  private static String last(Samples samples) {
    return samples.samples.get(samples.samples.size() - 1);
  }

  private static String rowOf(Samples samples) {
    return last(samples).replaceFirst(" .*", "");
  }

  @Test
  public void stampsStructsTextsAndConstantsArrive() throws Exception { // case 88
    TestRuntime server = accepting();
    SignalDescriptor frame =
        SignalDescriptor.value("can", DataTypes.STRUCT)
            .members(
                List.of(
                    new StructMember("id", DataTypes.UINT32),
                    new StructMember("level", DataTypes.REAL32)))
            .build();
    SignalDescriptor gear =
        SignalDescriptor.value("gear", DataTypes.INT32).rule(Rule.CONSTANT).build();
    StreamingClient client = publisher(server);
    SignalPublication events =
        client.publish(
            SignalDescriptor.explicitTime("when"), frame, SignalDescriptor.text("log").build());
    SignalPublication gears = client.publish(TIME, gear);
    StructBuffer block = StructBuffer.allocate(StructLayout.of(frame), 1);
    block.add().setLong(0, 77).setDouble(1, 0.5);
    gears.write(5000, 1, new int[] {3});
    Samples can = samples(server, PREFIX + "can");
    Samples log = samples(server, PREFIX + "log");
    Samples constant = samples(server, PREFIX + "gear");
    constant.await(1);
    assertTrue(constant.samples.get(0), constant.samples.get(0).endsWith(" 5000 03000000"));
    Await.until(
        "both arrive",
        () -> {
          events.write(new long[] {42}, block, "ab");
          return !can.samples.isEmpty() && !log.samples.isEmpty();
        });
    assertTrue(can.samples.get(0), can.samples.get(0).endsWith(" 42 4d0000000000003f"));
    assertTrue(log.samples.get(0), log.samples.get(0).endsWith(" 42 6162"));
    assertEquals(frame.members(), server.descriptor(PREFIX + "can").members());
  }

  @Test
  public void byDefaultNothingIsTaken() throws Exception {
    TestRuntime server = runtime();
    SignalPublication line = publisher(server).publish(TIME, value("v", DataTypes.REAL64));
    Await.until("it is said", () -> !problems.isEmpty());
    assertEquals(List.of("the device takes no signals: its version is 1.2.0"), problems);
    assertEquals(List.of(), server.ids());
    assertEquals(WriteResult.NO_SUBSCRIBER, line.write(0, 1, new double[1]));
  }

  @Test
  public void nothingIsSentThatNobodyWants() throws Exception {
    TestRuntime server = accepting();
    SignalPublication line = publisher(server).publish(TIME, value("v", DataTypes.REAL64));
    server.awaitSignals(PREFIX + "v", PREFIX + "time");
    Await.until("nobody wants it", () -> !line.hasSubscriber());
    StreamingClient first = server.connect();
    new Samples(first, PREFIX + "v");
    awaitWanted(server, line);
    first.close();
    Await.until("nobody wants it", () -> !line.hasSubscriber());
  }

  @Test
  public void signalsGoWithTheirClientAndOthersStay() throws Exception {
    TestRuntime server = accepting();
    StreamingClient client = publisher(server);
    SignalPublication first = client.publish(TIME, value("v", DataTypes.REAL64));
    SignalPublication second =
        client.publish(SignalDescriptor.linearTime("t2", 5), value("w", DataTypes.REAL64));
    server.awaitSignals(PREFIX + "v", PREFIX + "w");
    first.close();
    Await.until("one goes", () -> !server.ids().contains(PREFIX + "v"));
    assertTrue(server.ids().contains(PREFIX + "w"));
    assertEquals(WriteResult.CLOSED, first.write(0, 1, new double[1]));
    client.close();
    Await.until("all go", () -> server.ids().isEmpty());
    assertFalse(second.hasSubscriber());
  }

  @Test
  public void aServerThatComesAgainIsOfferedThemAgain() throws Exception {
    TestRuntime server = accepting();
    SignalPublication line = publisher(server).publish(TIME, value("v", DataTypes.REAL64));
    Samples there = samples(server, PREFIX + "v");
    awaitWanted(server, line);
    line.write(0, 2, new double[] {1, 2});
    there.await(2);
    server.stopServer();
    Await.until("it is gone", () -> server.ids().isEmpty());
    assertEquals(WriteResult.NO_SUBSCRIBER, line.write(2000, 3, new double[3]));
    server.startServer();
    server.awaitSignals(PREFIX + "v");
    awaitWanted(server, line);
    line.write(5000, 1, new double[] {3});
    there.await(3);
    assertEquals("0 0 000000000000f03f", there.samples.get(0));
    assertTrue(there.samples.get(2), there.samples.get(2).endsWith(" 5000 0000000000000840"));
    Gap gap = there.gaps.get(0);
    assertEquals(List.of(2000L, 5000L), List.of(gap.fromTick(), gap.toTick()));
  }

  @Test
  public void manySignalsAreOfferedAgain() throws Exception {
    TestRuntime server = runtime("acceptSignals", true, "acceptedSignals", 2_000);
    StreamingClient client = publisher(server);
    String name = "a/rather/long/name/of/a/signal/in/a/plant/with/many/of/them/";
    SignalDescriptor[] values = new SignalDescriptor[1_500];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(name + i, DataTypes.INT8);
    }
    client.publish(TIME, values);
    Await.until("all are there", () -> server.ids().size() == values.length + 1);
    server.stopServer();
    Await.until("all are gone", () -> server.ids().isEmpty());
    server.startServer();
    Await.until("all are there again", () -> server.ids().size() == values.length + 1);
  }

  @Test
  public void anotherGatewayTakesOverWhatIsPublished() throws Exception {
    TestRuntime server = runtime("acceptSignals", true, "acceptedClients", 1);
    SignalPublication line = publisher(server).publish(TIME, value("v", DataTypes.REAL64));
    server.awaitSignals(PREFIX + "v");
    server.replacePeerGateway();
    server.awaitSignals(PREFIX + "v");
    Samples there = samples(server, PREFIX + "v");
    awaitWanted(server, line);
    line.write(0, 1, new double[] {1});
    there.await(1);
  }

  @Test
  public void whoComesSecondWithTheSameIdsWaitsUntilTheyAreFree() throws Exception {
    TestRuntime server = accepting();
    StreamingClient first = publisher(server);
    first.publish(TIME, value("v", DataTypes.REAL64));
    server.awaitSignals(PREFIX + "v");
    SignalPublication second = publisher(server).publish(TIME, value("v", DataTypes.INT8));
    Await.until("both are there", () -> server.monitor().clients().size() == 2);
    assertEquals(DataTypes.REAL64, server.descriptor(PREFIX + "v").dataType());
    first.close();
    Await.until(
        "the second takes over",
        () ->
            server.find(PREFIX + "v").filter(v -> v.dataType().equals(DataTypes.INT8)).isPresent());
    Samples there = samples(server, PREFIX + "v");
    awaitWanted(server, second);
    second.write(0, 1, new byte[] {7});
    there.await(1);
  }

  /** Takes samples whose values tell the tick. */
  private static final class Checked implements SampleListener {
    final AtomicLong rows = new AtomicLong();
    final AtomicLong missing = new AtomicLong();
    final AtomicLong wrong = new AtomicLong();

    @Override
    public void block(SampleBlock block) {
      long[] values = (long[]) block.raw();
      for (int i = 0; i < values.length; i++) {
        wrong.addAndGet(block.tick(i) == 1000 * values[i] ? 0 : 1);
      }
      rows.addAndGet(values.length);
    }

    @Override
    public void gap(Gap gap) {
      missing.addAndGet(gap.rows());
    }
  }

  @Test
  public void aFloodIsGapsWithExactRows() throws Exception {
    TestRuntime server = runtime("acceptSignals", true, "acceptedBytesPerSecond", 1_000_000_000);
    StreamingClient client =
        StreamingClient.at(server.address()).name("press").publishedLimitBytes(100_000).open();
    open.add(client);
    SignalPublication line = client.publish(TIME, value("v", DataTypes.INT64));
    server.awaitSignals(PREFIX + "v");
    StreamingClient reader = server.connect();
    open.add(reader);
    Checked there = new Checked();
    reader.subscribe(PREFIX + "v", there);
    awaitWanted(server, line);
    long lost = 0;
    long[] block = new long[1000];
    for (int i = 0; i < 2000; i++) {
      for (int k = 0; k < block.length; k++) {
        block[k] = i * 1000L + k;
      }
      lost += line.write(i * 1_000_000L, 1000, block) == WriteResult.FAILED ? 1000 : 0;
    }
    Await.until(
        "the last one fits",
        () -> line.write(9_000_000_000L, 1, new long[] {9_000_000}) == WriteResult.ACCEPTED);
    long come = 2_000_001 - lost;
    Await.until("all that was sent", () -> there.rows.get() >= come);
    assertEquals(0, there.wrong.get());
    assertTrue("missing " + there.missing + " of " + lost, there.missing.get() >= lost);
  }

  @Test
  public void aStockClientIsTaken() throws Exception { // case 88
    TestRuntime server = accepting();
    try (StockPublisher stock = new StockPublisher(server.port())) {
      String id = "clients/127.0.0.1/ws-streaming/Value";
      server.awaitSignals(id, "clients/127.0.0.1/ws-streaming/Time");
      assertEquals("Value", server.descriptor(id).name());
      Samples there = samples(server, id);
      Await.until("it is wanted", () -> server.subscribers(id) == 1 && stock.isSubscribed());
      stock.sendData();
      there.await(300);
      assertEquals(List.of(), there.gaps);
      assertEquals("0 1795334027647528501", there.samples.get(0).substring(0, 21));
      assertEquals("299 1795334027946528501", there.samples.get(299).substring(0, 23));
    }
    Await.until("it is gone", () -> server.ids().isEmpty());
  }

  @Test
  public void aClientThatDiesWithinAFrameHarmsNobody() throws Exception {
    TestRuntime server = accepting();
    SignalPublication line = publisher(server).publish(TIME, value("v", DataTypes.REAL64));
    Samples there = samples(server, PREFIX + "v");
    try (StockPublisher stock = new StockPublisher(server.port())) {
      server.awaitSignals("clients/127.0.0.1/ws-streaming/Value");
      stock.sendHalfAFrame();
    }
    Await.until(
        "its signals are gone",
        () -> server.ids().stream().noneMatch(each -> each.contains("ws-streaming")));
    awaitWanted(server, line);
    line.write(0, 1, new double[] {1});
    there.await(1);
  }
}
