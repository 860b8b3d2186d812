/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Devices with very many signals, or that pretend to have them, or talk without end. */
public class ManySignalsTest {
  private static final int LIMIT_MS = 60_000;
  private static final int SIGNALS = 100_000;
  private static final int DESCRIBED = 10_000;

  private static String name(int number) {
    return "signal/with/a/name/" + number;
  }

  private static void offer(ServerLine line, int signals) throws Exception {
    for (int from = 0; from < signals; from += 1000) {
      String[] ids = new String[1000];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = name(from + i);
      }
      line.available(ids);
    }
  }

  /** Serves every subscription with values in ten tables, whose labels are no signals. */
  private static void serveAll(ServerLine line, int signals, boolean withLabels) throws Exception {
    for (int i = 1; i <= 10; i++) {
      line.signal(i, "time" + i, Documents.linearTime("table" + i, 10));
    }
    int signo = 10;
    int served = 0;
    while (served < signals) {
      JsonNode request = line.request();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      int count = request.path("params").size();
      for (JsonNode id : request.path("params")) {
        int table = 1 + signo++ % 10;
        String document =
            withLabels
                ? "{definition: {name: 'v', dataType: 'int32'}, tableId: 'table" + table + "'}"
                : Documents.value(id.textValue(), "time" + table, "int32", 0);
        out.writeBytes(
            Packets.binary(
                Packets.joined(
                    Packets.metadata(signo, "subscribe", "{signalId: '" + id.textValue() + "'}"),
                    Packets.metadata(signo, "signal", document),
                    Packets.data(signo, Packets.ints(signo)))));
      }
      served += count;
      line.send(out.toByteArray());
      line.answer(request, "[" + "true,".repeat(count - 1) + "true]");
    }
  }

  @Test
  public void aHundredThousandSignals() throws Exception {
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("1.2.0");
              offer(line, SIGNALS);
              serveAll(line, SIGNALS, true);
            },
            client -> client.timeouts(LIMIT_MS, LIMIT_MS))) {
      Await.until("the list", LIMIT_MS, () -> stage.client.signalIds().size() == SIGNALS);
      AtomicInteger blocks = new AtomicInteger();
      for (String each : stage.client.signalIds()) {
        stage.client.subscribe(each, block -> blocks.incrementAndGet());
      }
      Await.until("a block of each", LIMIT_MS, () -> blocks.get() == SIGNALS);
      long threads =
          Thread.getAllStackTraces().keySet().stream()
              .filter(each -> each.getName().startsWith("daqstream-client"))
              .count();
      assertTrue(threads + " threads", threads < 25);
      assertEquals(SIGNALS, stage.client.statistics().samples());
      assertEquals(0, stage.client.statistics().badPackets());
    }
  }

  @Test
  public void manySignalsAreDescribedAtOnce() throws Exception {
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("1.2.0");
              offer(line, DESCRIBED);
              serveAll(line, DESCRIBED, false);
            },
            client -> client.timeouts(LIMIT_MS, LIMIT_MS))) {
      Await.until("the list", LIMIT_MS, () -> stage.client.signalIds().size() == DESCRIBED);
      Map<String, RemoteSignal> described =
          stage
              .client
              .describe(stage.client.signalIds(), LIMIT_MS)
              .get(LIMIT_MS, TimeUnit.MILLISECONDS);
      assertEquals(DESCRIBED, described.size());
      assertTrue(described.get(name(0)).domain().signalId().startsWith("time"));
    }
  }

  @Test
  public void dataOfNumbersWithoutEnd() throws Exception {
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("1.2.0");
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              for (int signo = 1; signo <= 0xFFFFF; signo++) {
                out.writeBytes(Packets.data(signo, new byte[1]));
              }
              line.send(Packets.binary(out.toByteArray()));
            })) {
      Await.until("all counted", () -> stage.client.statistics().ignoredPackets() == 0xFFFFF);
      assertEquals("", stage.client.failure());
    }
  }

  @Test
  public void acknowledgementsWithoutEnd() throws Exception {
    String longName = "x".repeat(60_000);
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("1.2.0");
              for (int i = 1; i <= 2800; i++) {
                line.metadata(i, "subscribe", "{signalId: '" + longName + i + "'}");
              }
              line.serveSubscribe("t", "v", "int32", 0);
              line.data(2, Packets.ints(7));
            })) {
      Await.until("the limit", LIMIT_MS, () -> stage.client.statistics().badPackets() > 500);
      Received received = stage.subscribe("v");
      // Number 1 and 2 are given away anew, which makes room for little documents.
      assertEquals(List.of("0: [7.0]"), received.awaitSamples(1));
    }
  }

  @Test
  public void descriptionsWithoutEndFillNoQueue() throws Exception {
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("1.2.0", "v");
              line.serveSubscribe("t", "v", "int32", 0);
              for (int i = 0; i < 5_000; i++) {
                line.metadata(2, "signal", "{definition: {name: 'name" + i + "'}}");
                line.unavailable("v");
                line.value(2, "v", "t", "int32", 0);
              }
              line.data(2, Packets.ints(7));
            })) {
      Received received = new Received();
      List<Runnable> waiting = new ArrayList<>();
      RemoteSubscription subscription =
          stage.client.subscribe("v", SubscriptionOptions.DEFAULT.executor(waiting::add), received);
      Await.until("the sample", LIMIT_MS, () -> subscription.samples() == 1);
      waiting.get(0).run();
      assertEquals(List.of("interrupted", "described", "0: [7.0]"), received.events());
    }
  }

  @Test
  public void pingsWithoutEndFromADeviceThatDoesNotRead() throws Exception {
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("1.2.0");
              byte[] ping = Packets.frame(0x89, new byte[125]);
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              for (int i = 0; i < 100_000; i++) {
                out.writeBytes(ping);
              }
              line.send(out.toByteArray());
              line.available("end");
            })) {
      Await.until("the end", LIMIT_MS, () -> stage.client.signalIds().contains("end"));
      assertEquals("", stage.client.failure());
      long startNanos = System.nanoTime();
      Runnable close = stage.client::close;
      close.run();
      assertTrue(Await.sinceMs(startNanos) < 1_900);
    }
  }
}
