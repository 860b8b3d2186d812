/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.daqstream.nats.bridge.internal.ImportStatus.SignalStatus;
import org.daqstream.nats.bridge.internal.ImportStatus.State;
import org.daqstream.nats.bridge.internal.TakingSink.Sample;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.relay.RelayStatus;
import org.daqstream.testing.Await;
import org.daqstream.testing.LogLines;
import org.junit.Test;

/** What comes of a signal, from the want to the last sample. */
public final class NatsImportTest extends ImportTestBase {
  @Test
  public void aDescriptionComesInFrontOfItsFirstBlock() {
    start();
    want("v");
    nats.send("test.data.v", message(1, 1, 0, 2));
    SignalDescriptor volts = VALUE.toBuilder().postScaling(1, 2).build();
    SignalDescriptor faster = SignalDescriptor.linearTime("t", MS / 2);
    nats.put(announced(2, faster, volts, 1));
    nats.send("test.data.v", message(1, 1, 2, 2)); // was on its way
    nats.send("test.data.v", message(1, 3, 0, 4, 4 * MS, 2, new byte[2])); // comes too early
    List<Sample> taken = runtime.sink.samples("v");
    assertEquals(4, taken.size());
    assertEquals(VALUE, taken.get(3).value());
    assertEquals(3 * MS, taken.get(3).tick());
    nats.put(announced(3, faster, volts.toBuilder().name("third").build(), 1));
    taken = runtime.sink.samples("v");
    assertEquals(6, taken.size());
    assertEquals("third", taken.get(4).value().name());
    assertEquals(4 * MS + MS / 2, taken.get(5).tick());
    assertEquals(faster, runtime.sink.domain("v"));
  }

  @Test
  public void siblingsKeepTheirTicksWhenARateChanges() {
    start();
    SignalDescriptor other = SignalDescriptor.value("w", DataTypes.UINT8).build();
    nats.put(announced(1, DOMAIN, other, 1));
    runtime.awaitSignal("w");
    want("v");
    want("w");
    nats.send("test.data.w", message(1, 1, 0, 2));
    SignalDescriptor faster = SignalDescriptor.linearTime("t", MS / 2);
    nats.put(announced(2, faster, VALUE, 1));
    nats.put(announced(2, faster, other, 1));
    nats.send("test.data.v", message(1, 2, 0, 4, 4 * MS, 2, new byte[2]));
    nats.send("test.data.w", message(1, 1, 2, 2));
    assertEquals(
        List.of(0L, MS, 2 * MS, 3 * MS),
        runtime.sink.samples("w").stream().map(Sample::tick).toList());
    assertEquals(4 * MS + MS / 2, runtime.sink.samples("v").get(1).tick());
  }

  @Test
  public void onlyWhatIsWantedIsSubscribed() {
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    assertFalse(nats.isHeard("test.data.v"));
    want("v");
    Await.until(
        "the want is told",
        () -> nats.wants.stream().anyMatch(each -> each.keys().equals(List.of("v"))));
    nats.send("test.data.v", message(1, 1, 3, 2));
    assertEquals(State.LIVE, status(made).state());
    assertEquals(2, status(made).samples());
    wanted.clear();
    runtime.sink.demandChanged();
    Await.until("it is left", () -> !nats.isHeard("test.data.v"));
    Await.until("that is told", () -> nats.wants.get(nats.wants.size() - 1).keys().isEmpty());
    want("v");
    nats.send("test.data.v", message(1, 1, 50, 1));
    assertEquals(List.of(3L, 4L, 50L), runtime.sink.rows("v"));
    assertEquals(0, made.status().holes());
  }

  @Test
  public void whatIsLostIsTold() {
    LogLines.clear();
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    want("v");
    nats.send("test.data.v", message(1, 1, 0, 2));
    nats.send("test.data.v", message(1, 1, 5, 2));
    nats.send("test.data.v", message(1, 1, 6, 2));
    assertEquals(List.of(0L, 1L, 5L, 6L, 7L), runtime.sink.rows("v"));
    Hole hole = made.status().lastHoles().get(0);
    assertEquals(2, hole.fromRow());
    assertEquals(5, hole.toRow());
    assertEquals("1970-01-01T00:00:00.005000000Z", hole.time());
    assertEquals(3, status(made).holeRows());
    assertEquals(
        List.of(
            "WARN test: signal v: rows 2 to 4, before 1970-01-01T00:00:00.005000000Z:"
                + " lost on the way"),
        LogLines.with("rows"));
  }

  @Test
  public void whatTheStreamHasIsFilledInOrder() {
    nats.hasStream = true;
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    want("v");
    for (long row = 0; row < 100; row += 2) {
      byte[] message = message(1, 1, row, 2);
      nats.keep("test.data.v", message);
      if (row < 20 || row > 70) {
        nats.send("test.data.v", message);
      }
    }
    Await.until("all is there", () -> runtime.sink.rows("v").size() == 100);
    for (int i = 0; i < 100; i++) {
      assertEquals(i, (long) runtime.sink.rows("v").get(i));
      assertEquals((byte) i, runtime.sink.samples("v").get(i).bytes().get(0));
    }
    assertEquals(0, made.status().holes());
    assertEquals(52, status(made).filledRows());
    Await.until("nothing waits", () -> made.status().heldBytes() == 0);
  }

  @Test
  public void whatWasMissedBeforeAReconnectComesThoughNothingFollows() {
    nats.hasStream = true;
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    want("v");
    for (long row = 0; row < 10; row++) {
      if (row == 5) {
        nats.cut();
        made.disconnected("cut by the test");
      }
      byte[] message = message(1, 1, row, 1);
      nats.keep("test.data.v", message);
      nats.send("test.data.v", message);
    }
    assertEquals(5, runtime.sink.rows("v").size());
    made.connected(nats.wire());
    Await.until("all is there", () -> runtime.sink.rows("v").size() == 10);
    assertEquals(5, status(made).filledRows());
    Await.until("it is live again", () -> status(made).state() == State.LIVE);
  }

  @Test
  public void whatTheStreamDoesNotHaveIsToldWhenPatienceEnds() {
    nats.hasStream = true;
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    want("v");
    nats.send("test.data.v", message(1, 1, 0, 2));
    nats.send("test.data.v", message(1, 1, 5, 2));
    assertEquals(State.FILLING, status(made).state());
    Await.until("it goes on", () -> runtime.sink.rows("v").size() == 4);
    assertEquals(SignalRows.NOT_KEPT, made.status().lastHoles().get(0).why());
    assertEquals(State.LIVE, status(made).state());
  }

  @Test
  public void idsHaveThePrefixAndTheLimitHolds() {
    LogLines.clear();
    ImportSettings settings =
        ImportRuntime.settings("nats://127.0.0.1:1", 0, 0, "hall/", List.of("v*"), 2, 60_000);
    runtime.start(settings, nats);
    Await.until("it hears", () -> nats.isHeard("test.alive"));
    nats.alive("p");
    for (String id : List.of("x", "v1", "v2", "v3")) {
      nats.put(announced(1, DOMAIN, SignalDescriptor.value(id, DataTypes.UINT8).build(), 1));
    }
    runtime.awaitSignal("hall/v2");
    assertEquals("v1", runtime.sink.value("hall/v1").name());
    assertEquals("hall/t", runtime.sink.domain("hall/v1").signalId());
    assertNull(runtime.sink.value("hall/x"));
    assertNull(runtime.sink.value("hall/v3"));
    assertEquals(1, LogLines.with("maxSignals = 2").size());
    nats.remove("v1");
    runtime.awaitSignal("hall/v3");
  }

  @Test
  public void badDescriptionsAndMessagesAreToldAndLeftOut() {
    LogLines.clear();
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    nats.put("a=.b", new byte[] {1});
    nats.put("w", announced(1, DOMAIN, VALUE, 1).bytes());
    nats.put("z", "{}".getBytes(UTF_8));
    assertEquals(3, LogLines.with("is left out").size());
    want("v");
    nats.send("test.data.v", new byte[] {1, 2});
    assertEquals(1, made.status().badMessages());
    nats.send("test.data.v", message(1, 1, 0, 2));
    nats.send("test.data.v", message(1, 1, 0, 1_000_000, 0, 2, new byte[3]));
    nats.send("test.data.v", message(1, 1, 0, 1_000_000, 0, 3, new byte[2]));
    assertEquals(3, made.status().badMessages());
    nats.send("test.data.v", message(1, 1, 4, 2));
    assertEquals(List.of(0L, 1L, 4L, 5L), runtime.sink.rows("v"));
    assertEquals(1, made.status().holes());
    assertEquals(2, made.status().holeRows());
    nats.send("test.data.v", message(99, 1, 0, 1)); // of nobody
    nats.send("test.data.v", message(1, 1, 6, 1));
    assertEquals(List.of(0L, 1L, 4L, 5L, 6L), runtime.sink.rows("v"));
  }

  @Test
  public void howFarItIsBehindIsKnown() {
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    assertEquals(-1, status(made).ageMs());
    assertEquals(SignalStatus.NOT_A_TIME, status(made).behindMs());
    want("v");
    long tick = (System.currentTimeMillis() - 5_000) * MS;
    nats.send("test.data.v", message(1, 1, 0, 0, tick, 1, new byte[1]));
    long behindMs = status(made).behindMs();
    assertTrue("behind: " + behindMs, behindMs >= 4_990 && behindMs < 60_000);
    assertTrue(status(made).ageMs() >= 0);
    assertEquals(List.of("there"), status(made).path());
  }

  @Test
  public void whatHasComeIsCountedThoughItsSignalGoes() {
    NatsImport made = start(announced(1, DOMAIN, VALUE, 1));
    want("v");
    byte[] both = Arrays.copyOf(message(1, 1, 0, 2), 24 + 34 + 33);
    System.arraycopy(message(1, 1, 2, 1), 24, both, 24 + 34, 33);
    nats.send("test.data.v", both);
    nats.send("test.data.v", message(1, 1, 2, 1));
    RelayStatus before = made.status().relay();
    assertEquals(2, before.messages());
    assertEquals(2, before.blocks());
    assertEquals(3, before.samples());
    assertEquals(both.length + 24 + 33, before.bytes());
    nats.remove("v");
    assertEquals(List.of(), made.status().signals());
    RelayStatus after = made.status().relay();
    assertEquals(2, after.messages());
    assertEquals(3, after.samples());
    assertEquals(before.bytes(), after.bytes());
  }
}
