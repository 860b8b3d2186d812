/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.client.StreamingClient;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.testing.Await;
import org.junit.After;
import org.junit.Test;

/** A runtime that nobody can connect to offers its signals to a server outside. */
public final class OutgoingSignalsTest {
  private static final String THERE = "clients/127.0.0.1/press/";

  private final List<AutoCloseable> open = new ArrayList<>();
  private final TestRuntime inside = runtime();
  private final TestRuntime outside = runtime();

  private TestRuntime runtime() {
    TestRuntime runtime = new TestRuntime("acceptSignals", true);
    open.add(runtime);
    return runtime;
  }

  private SignalPort port(TestRuntime runtime, String signalId) {
    SignalPort port =
        runtime
            .registry()
            .open(
                SignalDescriptor.linearTime(signalId + ".time", 1000),
                SignalDescriptor.value(signalId, DataTypes.REAL64).build());
    open.add(port);
    return port;
  }

  private Samples samples(TestRuntime runtime, String signalId) throws Exception {
    runtime.awaitSignals(signalId);
    StreamingClient client = runtime.connect();
    open.add(client);
    return new Samples(client, signalId);
  }

  private static List<String> values(TestRuntime runtime) {
    return runtime.ids().stream().filter(each -> !each.endsWith(".time")).sorted().toList();
  }

  @After
  public void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    Await.noThread("daqstream-gateway");
    Await.noThread("daqstream-client");
  }

  /** Writes until a block comes through, for somebody who has just subscribed. */
  private static void awaitFlow(SignalPort port, Samples samples, long firstTick) {
    long[] tick = {firstTick};
    Await.until(
        "a block comes",
        () -> {
          port.write(tick[0], new double[] {-1}, 0, 1);
          tick[0] += 1000;
          return !samples.samples.isEmpty();
        });
  }

  @Test
  public void chosenSignalsAreThereWithTheirTimesAndValues() throws Exception {
    SignalPort v = port(inside, "line/v");
    port(inside, "other/w");
    inside.importFrom(outside, "press", "signals", "", "publish", "line/**");
    Samples here = samples(inside, "line/v");
    Samples there = samples(outside, THERE + "line/v");
    assertEquals(List.of(THERE + "line/v"), values(outside));
    awaitFlow(v, there, 0);
    long start = 1_000_000_000;
    for (int i = 0; i < 100; i++) {
      v.write(start + 3000L * i, new double[] {i, i + 0.5, -i}, 0, 3);
    }
    String last = "1000299000 "; // the tick of the last sample
    Await.until("all here", () -> contains(here, last));
    Await.until("all there", () -> contains(there, last));
    assertEquals(tail(here), tail(there));
  }

  private static boolean contains(Samples samples, String tick) {
    return samples.samples.stream().anyMatch(each -> each.contains(" " + tick));
  }

  /** Ticks and bytes of what was sent last. */
  private static List<String> tail(Samples samples) {
    int size = samples.samples.size();
    return samples.samples.subList(size - 300, size).stream()
        .map(each -> each.substring(each.indexOf(' ') + 1))
        .toList();
  }

  @Test
  public void theyAreAskedForOnlyWhileSomebodyThereWantsThem() throws Exception {
    SignalPort v = port(inside, "v");
    inside.importFrom(outside, "press", "signals", "", "publish", "*");
    outside.awaitSignals(THERE + "v");
    Await.until("nobody wants it", () -> !v.hasSubscriber());
    Samples there = samples(outside, THERE + "v");
    Await.until("wanted", v::hasSubscriber);
    there.subscription.close();
    Await.until("nobody wants it any more", () -> !v.hasSubscriber());
  }

  @Test
  public void whatTheDeviceHasBroughtIsNotSentBack() throws Exception {
    port(inside, "a");
    port(outside, "b");
    inside.importFrom(outside, "press", "publish", "**");
    inside.awaitSignals("a", "press/b");
    outside.awaitSignals("b", THERE + "a");
    port(inside, "later");
    port(outside, "late");
    inside.awaitSignals("press/late");
    outside.awaitSignals(THERE + "later");
    assertEquals(List.of("a", "later", "press/b", "press/late"), values(inside));
    assertEquals(List.of("b", THERE + "a", THERE + "later", "late"), values(outside));
  }

  @Test
  public void ofTwoThatOfferEachOtherAllNothingComesHome() throws Exception {
    port(inside, "a");
    port(outside, "b");
    inside.importFrom(outside, "press", "signals", "", "publish", "**");
    outside.importFrom(inside, "press", "signals", "", "publish", "**");
    inside.awaitSignals(THERE + "b");
    outside.awaitSignals(THERE + "a");
    port(inside, "later");
    port(outside, "late");
    inside.awaitSignals(THERE + "late");
    outside.awaitSignals(THERE + "later");
    assertEquals(List.of("a", THERE + "b", THERE + "late", "later"), values(inside));
    assertEquals(List.of("b", THERE + "a", THERE + "later", "late"), values(outside));
  }

  @Test
  public void theyComeBackWithTheServer() throws Exception {
    SignalPort v = port(inside, "v");
    inside.importFrom(outside, "press", "signals", "", "publish", "v");
    awaitFlow(v, samples(outside, THERE + "v"), 0);
    outside.stopServer();
    Await.until("they are withdrawn", () -> values(outside).isEmpty());
    outside.startServer();
    awaitFlow(v, samples(outside, THERE + "v"), 1_000_000);
  }

  @Test
  public void theChoiceChangesAndNothingIsTheDefault() throws Exception {
    port(inside, "v");
    port(inside, "w");
    inside.importFrom(outside, "press", "signals", "", "publish", "v");
    outside.awaitSignals(THERE + "v");
    inside.importFrom(outside, "press", "signals", "", "publish", "w");
    outside.awaitSignals(THERE + "w");
    Await.until("the other one", () -> values(outside).equals(List.of(THERE + "w")));
    inside.importFrom(outside, "press", "signals", "");
    Await.until("none", () -> values(outside).isEmpty());
  }

  @Test
  public void aServerThatTakesNothingIsLeftAlone() throws Exception {
    TestRuntime deaf = new TestRuntime();
    open.add(deaf);
    port(inside, "v");
    port(deaf, "b");
    inside.importFrom(deaf, "press", "publish", "**");
    inside.awaitSignals("press/b");
    assertFalse(values(deaf).contains(THERE + "v"));
  }
}
