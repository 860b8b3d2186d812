/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Doubles;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.access.Globs;
import org.daqstream.server.internal.access.Rights;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.server.internal.web.KnownPeople;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A signal that one may not see is not there for him. */
public class RightsTest {
  private static final String FULL = "User-Agent: daqstream/test";

  @Rule public final TestServer server = new TestServer("login", "needed");
  private final TableTap open = server.table("open/time");
  private final SignalTap a = TestServer.signal(open, "open/a");
  private final TableTap secret = server.table("secret/time");
  private final SignalTap s = TestServer.signal(secret, "secret/s");
  private final TableTap mixed = server.table("mixed/time");
  private final SignalTap shown = TestServer.signal(mixed, "mixed/shown");
  private final SignalTap hidden = TestServer.signal(mixed, "mixed/hidden");

  private final KnownPeople people = new KnownPeople();

  @Before
  public void somebodyMaySeeAFewSignals() {
    role("open/*", "mixed/shown");
    server.authenticators.add(people.with("all", "everything").with("few", "guest"), Map.of());
  }

  private void role(String... see) {
    role(new Globs(List.of(see)), new Globs(List.of("**")));
  }

  private void role(Globs see, Globs subscribe) {
    server.roles.set("guest", new Rights(see, subscribe, new Globs(List.of()), Set.of()));
  }

  private Peer guest(String... signalIds) throws Exception {
    Peer peer = new Peer(server.port());
    peer.upgrade("/", "Authorization: Bearer few", FULL);
    peer.next("apiVersion");
    peer.sessionId = peer.next("init").params().path("streamId").textValue();
    Dialogue.expectSignalIds(peer, "available", signalIds);
    return peer;
  }

  private Peer guest() throws Exception {
    return guest("open/time", "open/a", "mixed/time", "mixed/shown");
  }

  private static void write(SignalTap signal, long row, double value) {
    signal.accept(row, row * TestServer.DELTA, null, new double[] {value}, 0, 1);
  }

  @Test
  public void onlyWhatOneMaySeeIsAvailable() throws Exception {
    guest().close();
    assertFalse(s.hasSubscriber());
  }

  @Test
  public void whatOneMayNotSeeIsAsUnknownAsWhatIsNotThere() throws Exception {
    try (Peer peer = guest()) {
      String unknown = peer.command(server.port(), "subscribe", "nothing");
      for (String id :
          List.of(
              "secret/s",
              "secret/time",
              "mixed/hidden",
              "secret/s?contract=gap",
              "secret/s?contract=latest&perSecond=1",
              "secret/s?contract=envelope&perSecond=1",
              "mixed/hidden?contract=latest&perSecond=1")) {
        assertEquals(
            unknown.replace("nothing", id).replaceAll("Content-Length: \\d+", ""),
            peer.command(server.port(), "subscribe", id).replaceAll("Content-Length: \\d+", ""));
        assertEquals(
            unknown.replace("nothing", id).replaceAll("Content-Length: \\d+", ""),
            peer.command(server.port(), "unsubscribe", id).replaceAll("Content-Length: \\d+", ""));
        assertFalse(s.hasSubscriber() || hidden.hasSubscriber());
      }
      write(s, 0, 1);
      write(hidden, 0, 1);
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void whatOneSeesTellsNoIdsOfWhatOneDoesNot() throws Exception {
    SignalDescriptor related =
        SignalDescriptor.value("open/r", DataTypes.REAL64)
            .relatedSignals(
                List.of(
                    new RelatedSignal("status", "secret/s"), new RelatedSignal("twin", "open/a")))
            .build();
    SignalTap r = open.openSignal(related, new Doubles());
    try (Peer peer = guest("open/time", "open/a", "mixed/time", "mixed/shown", "open/r");
        Peer other = Peer.connect(server.port(), "Authorization: Bearer all", FULL)) {
      assertEquals(List.of("open/time", "open/a"), relatedOf(peer, "open/r"));
      assertEquals(List.of("open/time", "secret/s", "open/a"), relatedOf(other, "open/r"));
      r.update(related.toBuilder().description("new").build(), new Doubles());
      assertEquals(List.of("open/time", "open/a"), relatedOf(peer.next("signal")));
      assertEquals(List.of("open/time", "secret/s", "open/a"), relatedOf(other.next("signal")));
    }
  }

  private List<String> relatedOf(Peer peer, String signalId) throws Exception {
    Dialogue.subscribe(server, peer, signalId);
    Dialogue.expectAcknowledged(peer, "open/time");
    return relatedOf(Dialogue.expectAcknowledged(peer, signalId));
  }

  private static List<String> relatedOf(Peer.Packet signal) {
    return signal.params().path("relatedSignals").findValuesAsText("signalId");
  }

  @Test
  public void theDomainOfWhatOneMayNotSeeIsNotMeasuredForHim() throws Exception {
    AtomicInteger told = new AtomicInteger();
    s.whenDemandChanges(told::incrementAndGet);
    try (Peer peer = guest()) {
      Dialogue.assertRefused(400, peer.command(server.port(), "subscribe", "secret/time"));
      Dialogue.assertSucceeded(peer.command(server.port(), "subscribe", "mixed/time"));
      Dialogue.expectAcknowledged(peer, "mixed/time");
      server.awaitTurn();
      assertEquals(0, told.get());
    }
  }

  @Test
  public void nothingIsToldOfHiddenSignalsThatComeAndGo() throws Exception {
    try (Peer peer = guest()) {
      TableTap table = server.table("secret/other time");
      SignalTap signal = TestServer.signal(table, "secret/other");
      signal.close();
      table.close();
      TestServer.signal(mixed, "mixed/other").close();
      SignalTap b = TestServer.signal(open, "open/b");
      Dialogue.expectSignalIds(peer, "available", "open/b");
      b.close();
      Dialogue.expectSignalIds(peer, "unavailable", "open/b");
    }
  }

  @Test
  public void aDomainGoesWithTheLastSignalThatOneMaySee() throws Exception {
    try (Peer peer = guest()) {
      shown.close();
      Dialogue.expectSignalIds(peer, "unavailable", "mixed/shown");
      Dialogue.expectSignalIds(peer, "unavailable", "mixed/time");
    }
  }

  @Test
  public void whatOneMaySeeIsDelivered() throws Exception {
    try (Peer peer = guest()) {
      Dialogue.subscribe(server, peer, "mixed/shown");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(peer, "mixed/time", "mixed/shown");
      write(hidden, 0, 7);
      write(shown, 0, 1);
      Dialogue.expectLine(peer, ids.domainSigno(), 0, 0);
      Dialogue.expectDoubles(peer, ids.signo(), 1);
      Dialogue.expectNothing(peer);
    }
  }

  @Test
  public void whatMayBeSeenNeedNotBeFree() throws Exception {
    role(new Globs(List.of("**")), new Globs(List.of("open/**")));
    Peer peer =
        guest(
            "open/time",
            "open/a",
            "secret/time",
            "secret/s",
            "mixed/time",
            "mixed/shown",
            "mixed/hidden");
    Dialogue.assertRefused(400, peer.command(server.port(), "subscribe", "secret/s"));
    Dialogue.assertSucceeded(peer.command(server.port(), "subscribe", "open/a"));
    assertFalse(s.hasSubscriber());
    peer.close();
  }

  @Test
  public void rightsThatAreWithdrawnEndWhatFlows() throws Exception {
    try (Peer peer = guest();
        Peer other = Peer.connect(server.port(), "Authorization: Bearer all")) {
      Dialogue.subscribe(server, peer, "mixed/shown", "open/a");
      Dialogue.subscribe(server, other, "mixed/shown");
      Dialogue.expectSubscribed(peer, "mixed/time", "mixed/shown");
      Dialogue.expectSubscribed(peer, "open/time", "open/a");
      Dialogue.Subscribed ids = Dialogue.expectSubscribed(other, "mixed/time", "mixed/shown");
      role("open/*", "mixed/hidden");
      Peer.Packet unsubscribed = peer.next("unsubscribe");
      assertEquals("mixed/shown", unsubscribed.params().path("signalId").textValue());
      peer.next("unsubscribe"); // its domain
      Dialogue.expectSignalIds(peer, "unavailable", "mixed/shown");
      Dialogue.expectSignalIds(peer, "unavailable", "mixed/time");
      Dialogue.expectSignalIds(peer, "available", "mixed/time", "mixed/hidden");
      write(shown, 0, 1);
      Dialogue.expectLine(other, ids.domainSigno(), 0, 0);
      Dialogue.expectDoubles(other, ids.signo(), 1);
      Dialogue.expectNothing(peer);
      Dialogue.assertRefused(400, peer.command(server.port(), "subscribe", "mixed/shown"));
      assertTrue(a.hasSubscriber());
    }
  }

  /** What clients may do when all is done that was asked for up to now. */
  private List<Rights> rightsNow() throws Exception {
    CompletableFuture<List<Rights>> rights = new CompletableFuture<>();
    FanOut fanOut = server.fanOut();
    fanOut.submit(
        () -> rights.complete(fanOut.clients().all().stream().map(Client::rights).toList()));
    return rights.get(30, TimeUnit.SECONDS);
  }

  /** Nobody waits for the next look at all who are in. */
  @Test
  public void whatIsToldHoldsAtOnce() throws Exception {
    try (Peer peer = guest()) {
      for (int i = 0; i < 20; i++) {
        role("open/" + i);
        assertEquals(List.of(server.roles.rightsOf(Set.of("guest"))), rightsNow());
        people.with("few", i % 2 == 0 ? "reader" : "guest").tell();
        assertEquals(
            List.of(server.roles.rightsOf(Set.of(i % 2 == 0 ? "reader" : "guest"))), rightsNow());
        people.with("few", "guest").tell();
      }
      server.authenticators.remove(people);
      assertTrue(rightsNow().stream().allMatch(Rights.NONE::equals));
      people.tell(); // to nobody any more
      assertEquals(1008, Dialogue.closeCode(peer));
    }
  }

  /** It would give back for a moment what was taken. */
  @Test
  public void aLookThatIsOvertakenChangesNothing() throws Exception {
    Peer peer = guest();
    CountDownLatch looked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger looks = new AtomicInteger();
    people.whenLooked =
        () -> {
          if (Thread.currentThread().getName().startsWith("daqstream-timer")
              && looks.incrementAndGet() == 1) {
            looked.countDown();
            uninterruptibly(goOn);
          }
        };
    looked.await();
    people.with("few", "reader").tell();
    List<Rights> reader = List.of(server.roles.rightsOf(Set.of("reader")));
    assertEquals(reader, rightsNow());
    goOn.countDown();
    while (looks.get() < 3) {
      assertEquals(reader, rightsNow());
    }
    peer.close();
  }

  private static void uninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  public void theRightToSubscribeEndsWhatFlows() throws Exception {
    try (Peer peer = guest()) {
      Dialogue.subscribe(server, peer, "open/a");
      Dialogue.expectSubscribed(peer, "open/time", "open/a");
      role(new Globs(List.of("open/*", "mixed/shown")), new Globs(List.of("mixed/*")));
      peer.next("unsubscribe");
      peer.next("unsubscribe");
      Dialogue.expectNothing(peer);
      assertFalse(a.hasSubscriber());
    }
  }

  @Test
  public void whatIsMadeOfASignalGoesWithIt() throws Exception {
    try (Peer peer = guest()) {
      Dialogue.subscribe(server, peer, "open/a?contract=latest&perSecond=10");
      for (String each : List.of("subscribe", "signal", "subscribe", "signal")) {
        peer.next(each);
      }
      role("mixed/shown");
      List<String> seen = new java.util.ArrayList<>();
      while (seen.stream().filter("unavailable"::equals).count() < 3) {
        seen.add(peer.read().method());
      }
      assertEquals(2, seen.stream().filter("unsubscribe"::equals).count());
      Await.until("nobody wants it", () -> !a.hasSubscriber());
    }
  }

  @Test
  public void whoMayNothingIsToldNothing() throws Exception {
    role();
    Peer peer = guest(new String[0]);
    Dialogue.assertRefused(400, peer.command(server.port(), "subscribe", "open/a"));
    peer.close();
  }

  @Test
  public void whoDoesNotLogInHasARoleToo() throws Exception {
    try (TestServer other = new TestServer("anonymousRole", "guest")) {
      TestServer.signal(other.table("t"), "v");
      Peer peer = new Peer(other.port());
      peer.upgrade("/");
      peer.next("apiVersion");
      peer.next("init");
      Dialogue.expectSignalIds(peer, "available"); // a role that nobody configured
      other.roles.set(
          "guest",
          new Rights(
              new Globs(List.of("v")), new Globs(List.of("v")), new Globs(List.of()), Set.of()));
      Dialogue.expectSignalIds(peer, "available", "t", "v");
      peer.close();
    }
  }
}
