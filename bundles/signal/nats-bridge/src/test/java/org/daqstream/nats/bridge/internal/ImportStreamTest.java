/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.testing.Await;
import org.junit.Test;

/** The same where a stream keeps the data. */
public final class ImportStreamTest extends ImportServerTestBase {
  /** Whether rows go on without a gap from the first that came. */
  private boolean isWhole(String id, long toRow) {
    List<Long> rows = edge.sink.rows(id);
    return !rows.isEmpty()
        && rows.get(rows.size() - 1) == toRow - 1
        && rows.size() == toRow - rows.get(0);
  }

  @Test
  public void withAStreamARestartOfTheServerLosesNothing() throws Exception {
    SignalPort port = open("a");
    publish(true);
    importAll(10_000, 0);
    want("a");
    long row = writeUntilItComes(port, "a", 0);
    server.kill();
    for (int i = 0; i < 500; i++) {
      write(port, row++);
    }
    Await.until("the edge knows", () -> running.signals.status().server().isEmpty());
    server.start();
    row = writeUntilItComes(port, "a", row);
    long end = row;
    Await.until("all is there", () -> isWhole("a", end));
    checkValues("a");
    assertEquals(0, running.signals.status().holes());
  }

  @Test
  public void withAStreamAnEdgeThatWasAwayMissesNothing() throws Exception {
    SignalPort port = open("a");
    publish(true);
    try (EdgeProxy way = new EdgeProxy(server.port())) {
      running = edge.start(settings(prefix, "nats://127.0.0.1:" + way.port(), 10_000, 0));
      want("a");
      long row = writeUntilItComes(port, "a", 0);
      way.cut();
      Await.until("the edge knows", () -> running.signals.status().server().isEmpty());
      for (int i = 0; i < 2_000; i++) {
        write(port, row++);
      }
      way.mend();
      row = writeUntilItComes(port, "a", row);
      long end = row;
      Await.until("all is there", () -> isWhole("a", end));
      checkValues("a");
      ImportStatus status = running.signals.status();
      assertEquals(0, status.holes());
      assertTrue(status.signals().get(0).filledRows() > 1_000);
    }
  }

  @Test
  public void lateJoinersBeginWithWhatTheStreamHas() {
    SignalPort port = open("a");
    publish(true);
    Await.until("it is wanted by the stream", port::hasSubscriber);
    for (long row = 0; row < 300; row++) {
      write(port, row);
    }
    importAll(10_000, 30_000);
    want("a");
    Await.until("the history is there", () -> edge.sink.rows("a").size() == 300);
    for (long row = 300; row < 400; row++) {
      write(port, row);
    }
    Await.until("it goes on", () -> isWhole("a", 400));
    assertEquals(0L, (long) edge.sink.rows("a").get(0));
    checkValues("a");
    assertEquals(0, running.signals.status().holes());
  }

  @Test
  public void ofWhatHoldsTheHistoryComesBeforeTheLastSample() {
    SignalPort port =
        source
            .registry()
            .open(
                SignalDescriptor.linearTime("t", MS),
                SignalDescriptor.value("a", DataTypes.INT64).replayLast(true).build());
    publish(true);
    Await.until("it is wanted by the stream", port::hasSubscriber);
    for (long row = 0; row < 300; row++) {
      writeAlone(port, row);
    }
    importAll(10_000, 30_000);
    Await.until("the stream is found", () -> running.signals.status().hasStream());
    want("a");
    Await.until("the history is there", () -> edge.sink.rows("a").size() == 300);
    wanted.clear();
    edge.sink.demandChanged();
    Await.until(
        "it is left",
        () -> running.signals.status().signals().get(0).state() == ImportStatus.State.UNWANTED);
    for (long row = 300; row < 400; row++) {
      write(port, row);
    }
    want("a");
    Await.until("what came meanwhile is there", () -> isWhole("a", 400));
    checkValues("a");
  }

  @Test
  public void aPublisherThatBeginsAnewGoesOnWithItsSignals() {
    SignalPort port = open("a");
    publish(true);
    importAll(10_000, 0);
    want("a");
    long row = writeUntilItComes(port, "a", 0);
    stopPublisher();
    Await.until("it is withdrawn", () -> edge.sink.value("a") == null);
    publish(true);
    edge.awaitSignal("a");
    long end = writeUntilItComes(port, "a", row);
    Await.until("all is there", () -> edge.sink.rows("a").contains(end - 1));
    checkValues("a");
  }

  @Test
  public void whatReplacesAPublisherThatWasKilledGoesOnInTheSameSignal() throws Exception {
    SignalPort port = open("a");
    try (EdgeProxy way = new EdgeProxy(server.port())) {
      publish(true, "nats://127.0.0.1:" + way.port());
      importAll(10_000, 0);
      want("a");
      writeUntilItComes(port, "a", 0);
      way.cut(); // as when it is killed, it says nothing any more
      SignalPublisher.Running dead = publisher;
      source.removeSink(outgoing);
      int before = edge.sink.samples("a").size();
      publish(true);
      Await.until("it is published", port::hasSubscriber);
      for (long row = 1_000_000; row < 1_000_100; row++) {
        write(port, row);
      }
      Await.until("all is there", () -> edge.sink.samples("a").size() >= before + 100);
      List<TakingSink.Sample> all = edge.sink.samples("a");
      int first = all.size() - 100;
      assertEquals(1_000_000, all.get(first).bytes().getLong(0));
      assertTrue(all.get(first).row() > all.get(first - 1).row());
      assertEquals(0, running.signals.status().holes());
      dead.close();
    }
  }
}
