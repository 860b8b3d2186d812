/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.daqstream.testing.Await;
import org.junit.Test;

/** What is asked of a device, once however many want it, and what it does not know. */
public class DemandsTest {
  private static final int LIMIT_MS = 10_000;
  private static final String LATEST = "v?contract=latest&perSecond=5";

  private static void assertPlainIsTaken(
      SubscriptionOptions options, String asked, ScriptedServer.Script refusal) throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("2.0.0", "t", "v");
              JsonNode request = line.request();
              assertEquals(Packets.json("['" + asked + "']"), request.path("params"));
              if (refusal == null) {
                line.answer(request, "[false]");
              } else {
                line.answerError(request, -32602, "unknown");
              }
              line.serveSubscribe("t", "v", "int32", 0);
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(7));
              line.expect("unsubscribe", "v");
              left.countDown();
            })) {
      Received received = new Received();
      RemoteSubscription subscription = stage.client.subscribe("v", options, received);
      assertEquals(List.of("0: [7.0] at 100"), received.awaitSamples(1));
      subscription.close();
      assertTrue(left.await(LIMIT_MS, TimeUnit.MILLISECONDS));
      received.awaitEvent("ended");
    }
  }

  /** Greets, and takes the first subscription to v. */
  private static void serveFirst(ServerLine line) throws Exception {
    line.greet("2.0.0", "t", "v");
    line.serveSubscribe("t", "v", "int32", 0);
  }

  /** Takes a further subscription to v, whose time goes on. */
  private static void serveAgain(ServerLine line, long row) throws Exception {
    JsonNode request = line.expect("subscribe", "v");
    line.value(2, "v", "t", "int32", row);
    line.answer(request, "[true]");
  }

  @Test
  public void contractsThatADeviceDoesNotKnowBecomeEverySample() throws Exception {
    SubscriptionOptions latest = SubscriptionOptions.DEFAULT.latest(5);
    assertPlainIsTaken(latest, LATEST, null);
    assertPlainIsTaken(latest, LATEST, line -> {});
    assertPlainIsTaken(SubscriptionOptions.DEFAULT.withGaps(), "v?contract=gap", null);
  }

  @Test
  public void aRefusedContractSharesThePlainSignal() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Stage stage =
        new Stage(
            line -> {
              serveFirst(line);
              line.pair(1, 0, 100);
              line.answer(line.expect("subscribe", LATEST), "[false]");
              line.data(2, Packets.ints(7));
              line.expect("subscribe", "x"); // and no unsubscribe
              line.data(2, Packets.ints(8));
              line.expect("unsubscribe", "v");
              left.countDown();
            })) {
      Received plain = new Received();
      RemoteSubscription first = stage.client.subscribe("v", plain);
      first.description().toCompletableFuture().get(LIMIT_MS, TimeUnit.MILLISECONDS);
      Received latest = new Received();
      RemoteSubscription second =
          stage.client.subscribe("v", SubscriptionOptions.DEFAULT.latest(5), latest);
      second.description().toCompletableFuture().get(LIMIT_MS, TimeUnit.MILLISECONDS);
      plain.awaitSamples(1);
      first.close();
      stage.client.subscribe("x", new Received());
      Await.until("the last", () -> latest.samples().contains("1: [8.0] at 1100"));
      second.close();
      assertTrue(left.await(LIMIT_MS, TimeUnit.MILLISECONDS));
      assertEquals(List.of("0: [7.0] at 100"), plain.samples());
    }
  }

  @Test
  public void aContractIsAskedForAgainWhenItsSignalComesBack() throws Exception {
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("1.2.0");
              line.answer(line.expect("subscribe", LATEST), "[false]"); // it is not there
              line.answer(line.expect("subscribe", "v"), "[false]");
              line.available("v");
              JsonNode request = line.expect("subscribe", LATEST);
              line.signal(1, LATEST + "&domain", Documents.explicitTime(LATEST + "&domain"));
              line.value(2, LATEST, LATEST + "&domain", "int32", 0);
              line.answer(request, "[true]");
              line.data(1, Packets.longs(100));
              line.data(2, Packets.ints(7));
              // Its source is described anew.
              line.metadata(2, "unsubscribe", "{}");
              line.unavailable(LATEST);
              request = line.expect("subscribe", LATEST);
              line.value(3, LATEST, LATEST + "&domain", "int32", 0);
              line.answer(request, "[true]");
              line.data(1, Packets.longs(200));
              line.data(3, Packets.ints(8));
            })) {
      Received received = new Received();
      stage.client.subscribe("v", SubscriptionOptions.DEFAULT.latest(5), received);
      received.awaitSamples(3);
      assertEquals("0: [7.0] at 100", received.samples().get(0));
      assertEquals("0: [8.0] at 200", received.samples().get(2));
    }
  }

  @Test
  public void theDeviceIsAskedOnceAndToldOnceThatNobodyIsLeft() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    try (Stage stage =
        new Stage(
            line -> {
              serveFirst(line);
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(7));
              line.expect("unsubscribe", "v");
              left.countDown();
            })) {
      Received first = new Received();
      Received second = new Received();
      RemoteSubscription one = stage.client.subscribe("v", first);
      RemoteSubscription two = stage.client.subscribe("v", second);
      first.awaitSamples(1);
      second.awaitSamples(1);
      one.close();
      one.close();
      two.close();
      assertTrue(left.await(LIMIT_MS, TimeUnit.MILLISECONDS));
      first.awaitEvent("ended: unsubscribed");
    }
  }

  @Test
  public void aSubscriptionThatTheDeviceEndsIsAskedForAgain() throws Exception {
    try (Stage stage =
        new Stage(
            line -> {
              serveFirst(line);
              line.pair(1, 0, 100);
              line.data(2, Packets.ints(7));
              line.metadata(2, "unsubscribe", "{}");
              serveAgain(line, 40);
              line.data(2, Packets.ints(8));
            })) {
      Received received = stage.subscribe("v");
      assertEquals(
          List.of(
              "described",
              "0: [7.0] at 100",
              "interrupted",
              "described",
              "CONNECTION 1-40 at 1100-40100",
              "40: [8.0] at 40100"),
          received.awaitEvents(6));
    }
  }

  @Test
  public void aDeviceThatEndsItAgainAndAgainIsAskedMoreAndMoreRarely() throws Exception {
    List<Long> pausesMs = new ArrayList<>();
    CountDownLatch asked = new CountDownLatch(4);
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("2.0.0", "t", "v");
              while (asked.getCount() > 0) {
                long start = System.nanoTime();
                JsonNode request = line.expect("subscribe", "v");
                pausesMs.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
                line.value(2, "v", "t", "int32", 0);
                line.answer(request, "[true]");
                line.metadata(2, "unsubscribe", "{}");
                asked.countDown();
              }
            })) {
      stage.client.subscribe("v", new Received());
      assertTrue(asked.await(LIMIT_MS, TimeUnit.MILLISECONDS));
      for (int i = 1; i < 4; i++) {
        assertTrue(pausesMs.toString(), pausesMs.get(i) >= (100L << i) - 10);
      }
    }
  }

  @Test
  public void aSignalThatIsWithdrawnIsNotAskedForUntilItIsBack() throws Exception {
    try (Stage stage =
        new Stage(
            line -> {
              serveFirst(line);
              line.metadata(2, "unsubscribe", "{}");
              line.unavailable("v");
              line.socket.setSoTimeout(500);
              assertThrows(SocketTimeoutException.class, line::request);
              line.available("v");
              serveAgain(line, 0);
              line.data(2, Packets.ints(8));
            })) {
      Received received = stage.subscribe("v");
      received.awaitEvent("0: [8.0]");
      assertEquals(List.of("described", "interrupted", "described", "0: [8.0]"), received.events());
    }
  }

  @Test
  public void whatAnOldSubscriptionStillSendsIsForNobody() throws Exception {
    AtomicReference<JsonNode> unsubscribe = new AtomicReference<>();
    CountDownLatch again = new CountDownLatch(1);
    try (Stage stage =
        new Stage(
            line -> {
              serveFirst(line);
              line.pair(1, 0, 0);
              line.data(2, Packets.ints(1));
              unsubscribe.set(line.expect("unsubscribe", "v"));
              again.await();
              line.data(2, Packets.ints(9)); // of the old one
              line.metadata(2, "unsubscribe", "{}");
              line.answer(unsubscribe.get(), "[true]");
              serveAgain(line, 40);
              line.data(2, Packets.ints(2));
            })) {
      Received first = new Received();
      RemoteSubscription one = stage.client.subscribe("v", first);
      first.awaitSamples(1);
      one.close();
      Await.until("unsubscribed", () -> unsubscribe.get() != null);
      Received second = stage.subscribe("v");
      again.countDown();
      assertEquals(List.of("40: [2.0] at 40000"), second.awaitSamples(1));
      assertEquals(List.of("0: [1.0] at 0"), first.samples());
    }
  }

  @Test
  public void aRefusedUnsubscribeDoesNotLoseWhoComesNext() throws Exception {
    CountDownLatch again = new CountDownLatch(1);
    AtomicReference<JsonNode> unsubscribe = new AtomicReference<>();
    try (Stage stage =
        new Stage(
            line -> {
              serveFirst(line);
              line.pair(1, 0, 0);
              unsubscribe.set(line.expect("unsubscribe", "v"));
              again.await();
              line.answer(unsubscribe.get(), "[false]");
              line.answer(line.expect("subscribe", "v"), "[false]"); // it still comes
              line.data(2, Packets.ints(1));
            })) {
      RemoteSubscription one = stage.client.subscribe("v", new Received());
      one.description().toCompletableFuture().get(LIMIT_MS, TimeUnit.MILLISECONDS);
      one.close();
      Await.until("unsubscribed", () -> unsubscribe.get() != null);
      Received second = stage.subscribe("v");
      again.countDown();
      assertEquals(List.of("0: [1.0] at 0"), second.awaitSamples(1));
    }
  }

  @Test
  public void listenersThatComeAndGoHearEveryConstantBehindTheirFirst() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("1.2.0", "v");
              line.answer(line.expect("subscribe", "v"), "[true]");
              line.linearTime(1, "t", 1);
              line.signal(2, "v", Documents.value("v", "t", "int32", "constant", 0));
              line.pair(1, 0, 0);
              for (int i = 0; over.getCount() > 0; i++) {
                line.data(2, Packets.joined(Packets.longs(i), Packets.ints(i)));
              }
              line.data(2, Packets.joined(Packets.longs(Integer.MAX_VALUE), Packets.ints(-1)));
            })) {
      SubscriptionOptions all = SubscriptionOptions.DEFAULT.queue(1 << 30, SlowConsumer.WAIT);
      stage.client.subscribe("v", all.direct(), block -> {});
      for (int i = 0; i < 200; i++) {
        Rising rising = new Rising();
        RemoteSubscription subscription =
            stage.client.subscribe("v", i % 2 == 0 ? all : all.direct(), rising);
        Await.until("some", () -> rising.count.get() >= 3);
        subscription.close();
        assertEquals("", rising.wrong);
      }
      Rising last = new Rising();
      stage.client.subscribe("v", all, last);
      over.countDown();
      Await.until("the last", () -> last.row == Integer.MAX_VALUE);
    }
  }

  /** Constants each one row behind the one before. */
  private static final class Rising implements SampleListener {
    final AtomicInteger count = new AtomicInteger();
    volatile long row = -1;
    volatile String wrong = "";

    @Override
    public void block(SampleBlock block) {
      if (count.get() > 0 && block.row() != row + 1 && block.row() != Integer.MAX_VALUE) {
        wrong = block.row() + " behind " + row;
      }
      row = block.row();
      count.incrementAndGet();
    }
  }
}
