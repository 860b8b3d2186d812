/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.Metadata;
import org.daqstream.server.api.PublishingClient;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.access.Globs;
import org.daqstream.server.internal.access.Rights;
import org.daqstream.server.internal.start.TestServer;
import org.junit.Test;

/** Who may publish what. */
public class PublishingRightsTest extends PublishingBench {
  private static Rights publishing(String... globs) {
    Globs none = new Globs(List.of());
    return new Rights(none, none, new Globs(List.of(globs)), Set.of());
  }

  @Test
  public void whoMayPublishNothingIsNotToldThatHeCould() throws Exception {
    try (TestServer server = server("acceptSignals", true, "anonymousRole", "reader")) {
      assertEquals("1.2.0 {}", versionTold(server, OURS));
      try (Peer peer = Peer.connect(server.port(), OURS)) {
        greet(peer, "a");
        Await.until("refused", () -> notTaken() == 1);
        assertEquals(List.of(), taker.came);
      }
    }
  }

  @Test
  public void whoMayPublishSomeIsDisconnectedForOthers() throws Exception {
    try (TestServer server =
        server("acceptSignals", true, "acceptedPrefix", "p/", "anonymousRole", "press")) {
      server.roles.set("press", publishing("p/press/*"));
      try (Peer peer = Peer.connect(server.port(), OURS)) {
        greet(peer, "press/a", "press/b");
        awaitCame(3);
        peer.send(new Available(List.of("press/c", "other")).toMetadata());
        assertEquals(1008, Dialogue.closeCode(peer));
        awaitCame(4);
        assertEquals("closed", taker.came.get(3));
      }
    }
  }

  @Test
  public void theRightIsAskedForInEveryShapeOfAnOffer() throws Exception {
    try (TestServer server =
        server("acceptSignals", true, "acceptedPrefix", "p/", "anonymousRole", "press")) {
      server.roles.set("press", publishing("p/press/*"));
      for (JsonNode shape : shapesOf("other")) {
        Peer peer = server.connect(OURS);
        greet(peer, "press/a");
        peer.send(new Metadata(Available.METHOD, shape));
        assertEquals(shape.toString(), 1008, Dialogue.closeCode(peer));
      }
      Peer peer = server.connect(OURS);
      greet(peer);
      peer.send(new Metadata(Available.METHOD, shapesOf("other").get(0)));
      assertEquals("the first offer", 1008, Dialogue.closeCode(peer));
    }
  }

  @Test
  public void theRightIsAskedForTheIdThatIsPublished() throws Exception {
    try (TestServer server =
        server("acceptSignals", true, "acceptedPrefix", "p/", "anonymousRole", "press")) {
      server.roles.set("press", publishing("p/press/*"));
      Peer peer = server.connect(WSS);
      greet(peer, "/press/a"); // with the prefix it has one slash
      awaitCame(3);
      PublishingClient client = taker.clients.get(0);
      assertTrue(client.mayPublish("p/press/a"));
      assertFalse(client.mayPublish("p/other"));
      server.roles.set("press", publishing("p/*/*"));
      Peer other = server.connect(WSS);
      greet(other, "/a");
      assertEquals("it would be p/a", 1008, Dialogue.closeCode(other));
    }
  }

  @Test
  public void whoMayNotPublishAnyMoreIsDisconnected() throws Exception {
    try (TestServer server = server("acceptSignals", true, "anonymousRole", "press")) {
      server.roles.set("press", publishing("**"));
      try (Peer peer = Peer.connect(server.port(), OURS)) {
        greet(peer, "a");
        awaitCame(3);
        server.roles.set("press", publishing());
        assertEquals("without another packet", 1008, Dialogue.closeCode(peer));
        assertEquals(1, notTaken());
      }
    }
  }

  @Test
  public void whoIsSentAwayMayPublishNothingAnyMore() throws Exception {
    try (TestServer server = server("acceptSignals", true, "login", "needed")) {
      KnownPeople people = new KnownPeople().with("p", "everything");
      server.authenticators.add(people, Map.of());
      Peer peer = server.connect(OURS, "Authorization: Bearer p");
      greet(peer, "a");
      awaitCame(3);
      assertTrue(taker.clients.get(0).mayPublish("a"));
      people.without("p");
      assertEquals(1008, Dialogue.closeCode(peer));
      assertFalse("whether it reads that or not", taker.clients.get(0).mayPublish("a"));
    }
  }
}
