/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.daqstream.nats.bridge.internal.ImportStatus.State;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.testing.Await;
import org.daqstream.testing.LogLines;
import org.junit.Test;

/** Publishers that go, come back, begin anew, and those who have the same ids. */
public final class ImportRivalsTest extends ImportTestBase {
  @Test
  public void whatHasBeenHereDoesNotComeBack() {
    start();
    nats.put(
        new SignalAnnouncement(
            "p",
            1,
            1,
            List.of("there", "here"),
            SignalDescriptor.linearTime("t2", MS),
            SignalDescriptor.value("mine", DataTypes.UINT8).build(),
            1,
            Map.of()));
    nats.alive("p");
    assertNull(runtime.sink.value("mine"));
    assertTrue(runtime.paths.isImported("v"));
    assertEquals(List.of("here", "there"), runtime.paths.onward("v"));
    nats.remove("v");
    Await.until("it is withdrawn", () -> runtime.sink.value("v") == null);
    assertFalse(runtime.paths.isImported("v"));
    assertEquals(List.of(), runtime.catalogue.signals());
  }

  @Test
  public void signalsStayWhileTheServerDoesNotAnswer() {
    LogLines.clear();
    nats.isSilent = true;
    NatsImport made = startImpatiently();
    Await.until("several looks", () -> nats.unanswered.get() >= 2);
    assertEquals(List.of(), LogLines.with("publisher p is silent"));
    nats.isSilent = false;
    Await.until("withdrawn", () -> status(made).state() == State.SILENT);
  }

  @Test
  public void signalsOfASilentPublisherAreWithdrawnAndComeBack() {
    LogLines.clear();
    NatsImport made = startImpatiently();
    Await.until("it is withdrawn", () -> runtime.sink.value("v") == null);
    assertEquals(State.SILENT, status(made).state());
    assertEquals(1, LogLines.with("publisher p is silent, its 1 signals").size());
    nats.alive("p");
    runtime.awaitSignal("v");
    assertEquals(State.UNWANTED, status(made).state());
  }

  @Test
  public void whoWantedASignalThatComesBackMissesNothingThatTheStreamHas() {
    nats.hasStream = true;
    NatsImport made = startImpatiently();
    want("v");
    nats.send("test.data.v", message(1, 1, 0, 5));
    nats.keep("test.data.v", message(1, 1, 0, 5));
    Await.until("it is withdrawn", () -> runtime.sink.value("v") == null);
    nats.keep("test.data.v", message(1, 1, 5, 5));
    nats.alive("p");
    runtime.awaitSignal("v");
    want("v");
    nats.send("test.data.v", message(1, 1, 10, 1));
    Await.until("all is there", () -> runtime.sink.rows("v").size() == 11);
    for (int i = 0; i < 11; i++) {
      assertEquals(i, (long) runtime.sink.rows("v").get(i));
    }
    assertEquals(0, made.status().holes());
    assertEquals(5, status(made).filledRows());
  }

  @Test
  public void silenceWhileNobodyCanBeHeardCountsForNothing() {
    NatsImport made = startImpatiently();
    nats.cut();
    made.disconnected("cut by the test");
    long startNanos = System.nanoTime();
    Await.until("longer than the time-out", () -> Await.sinceMs(startNanos) > 1_500);
    assertEquals(VALUE, runtime.sink.value("v"));
    made.connected(nats.wire());
    Await.until("it hears", () -> nats.isHeard("test.alive"));
    assertEquals(VALUE, runtime.sink.value("v"));
  }

  @Test
  public void aNewLifeOfATableFollowsTheOneBefore() {
    start();
    want("v");
    nats.send("test.data.v", message(1, 1, 100, 2));
    nats.put(announced("p", 2, 1, DOMAIN, VALUE, 1));
    nats.send("test.data.v", message(2, 1, 0, 2));
    nats.send("test.data.v", message(1, 1, 102, 2)); // too late
    nats.send("test.data.v", message(2, 1, 2, 1));
    assertEquals(List.of(100L, 101L, 102L, 103L, 104L), runtime.sink.rows("v"));
  }

  @Test
  public void aPublisherThatTakesThePlaceOfOneThatIsGoneGoesOn() {
    startImpatiently();
    want("v");
    nats.send("test.data.v", message(1, 1, 100, 2));
    nats.put(announced("q", 2, 1, DOMAIN, VALUE, 1));
    nats.send("test.data.v", message(2, 1, 0, 2));
    assertEquals(2, runtime.sink.rows("v").size());
    Await.until(
        "it goes on",
        () -> {
          nats.alive("q");
          return runtime.sink.rows("v").size() == 4;
        });
    assertEquals(List.of(100L, 101L, 102L, 103L), runtime.sink.rows("v"));
    nats.remove("v");
    Await.until("it is withdrawn", () -> runtime.sink.value("v") == null);
  }

  @Test
  public void ofTwoPublishersOfAnIdTheFirstIsTakenUntilItIsGone() {
    LogLines.clear();
    startImpatiently();
    want("v");
    nats.send("test.data.v", message(1, 1, 100, 2));
    nats.put(announced("q", 2, 1, DOMAIN, VALUE.toBuilder().name("of q").build(), 1));
    nats.send("test.data.v", message(2, 1, 0, 2));
    Await.until(
        "it is told",
        () -> {
          nats.alive("p");
          nats.alive("q");
          return !LogLines.with("publisher q has one with its id, too").isEmpty();
        });
    nats.send("test.data.v", message(2, 1, 2, 2));
    nats.send("test.data.v", message(1, 1, 102, 2));
    assertEquals(List.of(100L, 101L, 102L, 103L), runtime.sink.rows("v"));
    assertEquals("v", runtime.sink.value("v").name());
    nats.put(announced(1, DOMAIN, VALUE, 1));
    nats.remove("v"); // by the first
    nats.send("test.data.v", message(2, 1, 4, 1));
    assertEquals(List.of(100L, 101L, 102L, 103L, 108L), runtime.sink.rows("v"));
    assertEquals("of q", runtime.sink.value("v").name());
  }

  @Test
  public void aDomainOfAnotherPublisherIsLeftToItsOwner() {
    LogLines.clear();
    startImpatiently();
    SignalDescriptor other = SignalDescriptor.value("w", DataTypes.UINT8).build();
    nats.put(announced("q", 7, 1, DOMAIN, other, 1));
    nats.alive("q");
    Await.until("it is told", () -> !LogLines.with("of another publisher").isEmpty());
    assertNull(runtime.sink.value("w"));
    Await.until(
        "the first one is silent",
        () -> {
          nats.alive("q");
          return runtime.sink.value("w") != null;
        });
  }

  @Test
  public void anIdThatIsTakenIsTriedAgain() {
    LogLines.clear();
    SignalPort mine =
        runtime
            .registry()
            .open(
                SignalDescriptor.linearTime("mine/t", MS),
                SignalDescriptor.value("v", DataTypes.UINT8).name("mine").build());
    NatsImport made = runtime.start(ImportRuntime.settings(500), nats);
    Await.until("it hears", () -> nats.isHeard("test.alive"));
    nats.put(announced(1, DOMAIN, VALUE, 1));
    nats.alive("p");
    Await.until("it is told", () -> !LogLines.with("v is taken").isEmpty());
    assertEquals(State.REFUSED, status(made).state());
    mine.close();
    Await.until(
        "it is there",
        () -> {
          nats.alive("p");
          return VALUE.equals(runtime.sink.value("v"));
        });
    assertEquals(1, LogLines.with("v is taken").size());
  }

  @Test
  public void twoImportsOfOneIdDoNotDisturbEachOther() {
    LogLines.clear();
    start();
    FakeNats another = new FakeNats();
    NatsImport second = runtime.start(ImportRuntime.settings(500), another);
    Await.until("it hears", () -> another.isHeard("test.alive"));
    another.put(announced(1, DOMAIN, VALUE, 1));
    another.alive("p");
    Await.until("it is told", () -> !LogLines.with("another import has").isEmpty());
    assertTrue(runtime.paths.isImported("v"));
    another.remove("v");
    assertEquals(List.of(), second.status().signals());
    assertTrue(runtime.paths.isImported("v"));
    assertEquals(VALUE, runtime.sink.value("v"));
  }

  @Test
  public void aPublisherThatBeginsAnewIsTakenUpSoonAndWithAllThatItSends() {
    start();
    want("v");
    nats.send("test.data.v", message(1, 1, 100, 2));
    nats.wants.clear();
    long beganNanos = System.nanoTime();
    nats.put(announced("q", 2, 1, DOMAIN, VALUE, 1));
    Await.until(
        "both are asked",
        () -> nats.wants.stream().anyMatch(each -> each.asked().equals(List.of("p", "q"))));
    Await.until(
        "what is wanted is said",
        () -> nats.wants.stream().anyMatch(each -> each.keys().equals(List.of("v"))));
    nats.alive("q");
    nats.send("test.data.v", message(2, 1, 0, 2));
    nats.send("test.data.v", message(2, 1, 2, 2));
    Await.until("it goes on", () -> runtime.sink.rows("v").size() == 6);
    assertEquals(List.of(100L, 101L, 102L, 103L, 104L, 105L), runtime.sink.rows("v"));
    long tookMs = Await.sinceMs(beganNanos);
    assertTrue("took " + tookMs, tookMs >= 1_000 && tookMs < 4_000);
  }

  @Test
  public void whoSaysThatItEndsIsFollowedAtOnceByWhoWasRefused() {
    LogLines.clear();
    start();
    want("v");
    nats.put(announced("q", 2, 1, DOMAIN, VALUE, 1));
    Await.until(
        "it is told",
        () -> {
          nats.alive("p");
          nats.alive("q");
          return !LogLines.with("publisher q has one with its id, too").isEmpty();
        });
    long goneNanos = System.nanoTime();
    nats.alive("p\ngone");
    Await.until(
        "the other one is taken",
        () -> {
          nats.alive("q");
          nats.send("test.data.v", message(2, 1, 0, 2));
          return runtime.sink.rows("v").size() == 2;
        });
    assertTrue("took " + Await.sinceMs(goneNanos), Await.sinceMs(goneNanos) < 3_000);
  }

  @Test
  public void aRivalThatLeavesTakesNothingAlong() {
    start();
    want("v");
    nats.put(announced("q", 2, 1, DOMAIN, VALUE, 1));
    nats.send("test.data.v", message(2, 1, 0, 2));
    nats.remove("v"); // by the rival, whose description it was
    nats.send("test.data.v", message(1, 1, 100, 2));
    assertEquals(List.of(100L, 101L), runtime.sink.rows("v"));
    assertEquals(VALUE, runtime.sink.value("v"));
  }

  @Test
  public void whatComesBackTakesNothingFromWhoHasIt() {
    start();
    nats.put(
        new SignalAnnouncement(
            "q", 2, 1, List.of("onward", "here"), DOMAIN, VALUE, 1, Map.of("dataType", "uint8")));
    assertEquals(VALUE, runtime.sink.value("v"));
    nats.put(
        new SignalAnnouncement(
            "p", 1, 2, List.of("onward", "here"), DOMAIN, VALUE, 1, Map.of("dataType", "uint8")));
    Await.until("it is withdrawn", () -> runtime.sink.value("v") == null);
  }

  @Test
  public void aBucketThatIsMadeAnewIsReadFromItsBeginning() {
    start();
    nats.forgetWatchers();
    nats.bucketLife = "second";
    nats.put(announced(1, DOMAIN, SignalDescriptor.value("w", DataTypes.UINT8).build(), 1));
    runtime.awaitSignal("w");
  }

  @Test
  public void strangersDoNotKeepASignalFromItsPublisher() {
    start();
    want("v");
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (bytes.length > 3) {
        bytes[0] = 1;
        bytes[1] &= 7;
      }
      nats.send("test.data.v", bytes);
    }
    long beganNanos = System.nanoTime();
    for (int i = 0; i < 20_000; i++) {
      nats.alive("x" + i);
    }
    assertTrue("took " + Await.sinceMs(beganNanos), Await.sinceMs(beganNanos) < 10_000);
    nats.alive("p");
    nats.send("test.data.v", message(1, 1, 100, 2));
    assertEquals(List.of(100L, 101L), runtime.sink.rows("v"));
  }

  @Test
  public void aRivalThatNobodyHearsTakesNothing() {
    NatsImport made = startImpatiently();
    nats.put(announced("q", 2, 1, DOMAIN, VALUE.toBuilder().name("of q").build(), 1));
    long startNanos = System.nanoTime();
    Await.until(
        "the rival's time is over",
        () -> {
          nats.alive("p");
          return Await.sinceMs(startNanos) > 700;
        });
    Await.until("its publisher is silent", () -> status(made).state() == State.SILENT);
    assertEquals("p", status(made).publisher());
    nats.alive("p");
    runtime.awaitSignal("v");
    assertEquals(VALUE, runtime.sink.value("v"));
  }
}
