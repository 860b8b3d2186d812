/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.testing.LogLines;
import org.junit.Test;

/** Who comes in where a login is needed, and who does not, however he tries. */
public class LoginTest extends LoginBench {
  @Test
  public void whoShowsAProperTokenComesIn() throws Exception {
    expect(101, upgrade("/", "Authorization: Bearer " + SECRET));
    expect(101, upgrade("/", "authorization:  bearer   " + SECRET));
    expect(101, upgrade("/token/" + SECRET));
    expect(101, upgrade("/token/" + SECRET + "/"));
    expect(101, upgrade("/token/" + SECRET + "/any/path"));
    expect(101, upgrade("/", basic("token:" + SECRET)));
    expect(101, upgrade("/", basic("ann:pa:ss")));
    expect(200, get("/", "Authorization: Bearer " + SECRET));
    expect(200, get("/token/" + SECRET + "/"));
  }

  @Test
  public void whoDoesNotIsToldHow() throws Exception {
    String head = upgrade("/");
    expect(401, head);
    assertTrue(head, head.contains("WWW-Authenticate: Bearer realm=\"daqstream\"\r\n"));
    assertFalse("no redirect", head.contains("Location"));
    assertFalse("not for pages either", upgrade("/", "Accept: text/html").contains("Location"));
    expect(401, get("/"));
    assertTrue(get("/").endsWith("\r\n\r\nlogin needed"));
    expect(401, get("/m"));
    String person = get("/", "Accept: text/html,*/*;q=0.1");
    expect(303, person);
    assertTrue(person, person.contains("Location: /login\r\n"));
  }

  @Test
  public void wrongOnesStayOutside() throws Exception {
    for (String wrong :
        List.of(
            "Authorization: Bearer " + SECRET + "x",
            "Authorization: Bearer " + SECRET.substring(1),
            "Authorization: Bearer",
            "Authorization: Digest " + SECRET,
            basic("ann:pa"))) {
      expect(401, upgrade("/", wrong));
      people.asked.set(0);
      expect(101, upgrade("/", "Authorization: Bearer " + SECRET)); // ends the delay
    }
    expect(401, upgrade("/token/"));
    expect(401, upgrade("/token"));
    expect(401, upgrade("/token/" + SECRET + "x/"));
  }

  @Test
  public void aTokenInTheQueryIsRefusedAndToldToNobody() throws Exception {
    LogLines.clear();
    for (String query : List.of("token=", "a=b&access_token=", "TOKEN=", "x=", "&auth_token=")) {
      String answer = upgrade("/?" + query + SECRET);
      expect(400, answer);
      assertFalse(answer, answer.contains(SECRET));
    }
    expect(400, upgrade("/?token=" + SECRET, "Authorization: Bearer " + SECRET));
    assertFalse(LogLines.all().toString(), LogLines.all().toString().contains("secret"));
  }

  /** What Jetty refuses before it comes to us is answered with its words. */
  @Test
  public void aTokenInARequestThatIsNoneIsToldToNobody() throws Exception {
    for (String line :
        List.of(
            "GET /token/SECRET/%zz HTTP/1.1",
            "GET /token/SECRET/%00 HTTP/1.1",
            "GET /token/SECRET/\u0001 HTTP/1.1",
            "GET /token/SECRET/\u00ff\u00fe HTTP/1.1",
            "GET /token/SECRET/../.. HTTP/1.1",
            "GET /token/SECRET/..;/%2e%2e/ HTTP/1.1",
            "GET //token/SECRET HTTP/1.1",
            "GET http://[SECRET/token/SECRET HTTP/1.1",
            "GET /token/SECRET#a HTTP/1.1",
            "GET /token/SECRET HTTP/9.9",
            "SECRET /token/SECRET HTTP/1.1",
            "GET / HTTP/1.1\r\nAuthorization: Bearer SECRET\r\nAuthorization: SECRET",
            "GET / HTTP/1.1\r\nAuthorization: Bearer SECRET\r\nContent-Length: x",
            "GET / HTTP/1.1\r\nAuthorization Bearer SECRET")) {
      try (Peer peer = new Peer(server.port())) {
        peer.write(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        String answer = peer.readToEnd();
        assertTrue(line, answer.startsWith("HTTP/1.1 "));
        assertFalse(line + " gets " + answer, answer.contains("SECRET"));
      }
    }
    assertEquals(List.of(), LogLines.with("SECRET"));
  }

  @Test
  public void nothingSecretIsLogged() throws Exception {
    LogLines.clear();
    upgrade("/", "Authorization: Bearer " + SECRET + "x");
    upgrade("/token/" + SECRET + "y/");
    ask(server.port(), "POST", "/login", "secret=" + SECRET + "z", own(server.port()), FORM);
    upgrade("/", "Authorization: Bearer " + SECRET);
    assertFalse(LogLines.all().isEmpty());
    assertFalse(LogLines.all().toString(), LogLines.all().toString().contains("secret"));
  }

  @Test
  public void anAddressThatGuessesHasToWaitAndOthersNeedNot() throws Exception {
    long before = server.statistics().count(ServerEvent.DENIED);
    for (int i = 0; i < Failures.FREE; i++) {
      expect(401, upgrade("/", "Authorization: Bearer guess" + i));
    }
    int asked = people.asked.get();
    String answer = upgrade("/", "Authorization: Bearer " + SECRET);
    expect(429, answer);
    assertTrue(answer, answer.contains("Retry-After: "));
    assertEquals("not looked at", asked, people.asked.get());
    assertEquals(before + Failures.FREE + 1, server.statistics().count(ServerEvent.DENIED));
  }

  @Test
  public void aProgramWhoseTokenWasRevokedShutsNobodyOut() throws Exception {
    for (int i = 0; i < 3 * Failures.FREE; i++) {
      expect(401, upgrade("/", "Authorization: Bearer revoked"));
    }
    expect(101, upgrade("/", "Authorization: Bearer " + SECRET));
  }

  @Test
  public void whoHasAPasswordGuessesNoOthers() throws Exception {
    for (int i = 0; i < Failures.FREE; i++) {
      expect(101, upgrade("/", basic("ann:pa:ss")));
      expect(401, upgrade("/", basic("bob:" + i)));
    }
    expect(429, upgrade("/", basic("ann:pa:ss")));
    expect(101, upgrade("/", "Authorization: Bearer " + SECRET));
  }

  @Test
  public void pagesOfAKindNeedARight() throws Exception {
    expect(403, get("/m", "Authorization: Bearer " + SECRET));
    people.with(SECRET, "everything");
    expect(200, get("/m", "Authorization: Bearer " + SECRET));
  }

  @Test
  public void whoIsRevokedHasToLeave() throws Exception {
    try (Peer peer = Peer.connect(server.port(), "Authorization: Bearer " + SECRET)) {
      people.without(SECRET);
      assertEquals(1008, Dialogue.closeCode(peer));
    }
    expect(401, upgrade("/", "Authorization: Bearer " + SECRET));
  }

  @Test
  public void whoIsKnownToNobodyAnyMoreHasToLeave() throws Exception {
    try (Peer peer = Peer.connect(server.port(), "Authorization: Bearer " + SECRET)) {
      server.authenticators.remove(people);
      assertEquals(1008, Dialogue.closeCode(peer));
    }
    expect(401, upgrade("/", "Authorization: Bearer " + SECRET));
  }

  @Test
  public void onThePortOfMetricsNobodyIsLedToTheLogin() throws Exception {
    try (TestServer metrics = new TestServer("login", "needed", "metricsPort", 0)) {
      metrics.authenticators.add(people, Map.of());
      metrics.pages.add(page("figures"), Map.of(HttpPage.PATH, "/m", HttpPage.KIND, "metrics"));
      expect(401, ask(metrics.metricsPort(), "GET", "/m", "", "Accept: text/html"));
    }
  }

  @Test
  public void commandsNeedTheSecretOfASession() throws Exception {
    TestServer.signal(server.table("time"), "v");
    try (Peer peer = Peer.connect(server.port(), "Authorization: Bearer " + SECRET)) {
      Dialogue.assertRefused(
          400, Peer.post(server.port(), "{\"method\":\"0123456789abcdef01234567.subscribe\"}"));
      Dialogue.assertSucceeded(peer.command(server.port(), "subscribe", "v"));
    }
  }

  @Test
  public void whereNoLoginIsNeededAWrongOneIsStillWrong() throws Exception {
    try (TestServer open = new TestServer()) {
      try (Peer peer = new Peer(open.port())) {
        expect(101, peer.upgrade("/", "Authorization: Bearer of-somebody-else"));
      }
      open.authenticators.add(people, Map.of());
      try (Peer peer = new Peer(open.port())) {
        expect(401, peer.upgrade("/", "Authorization: Bearer of-somebody-else"));
      }
      try (Peer peer = new Peer(open.port())) {
        expect(101, peer.upgrade("/"));
      }
      try (Peer peer = new Peer(open.port())) {
        expect(101, peer.upgrade("/login"));
      }
    }
  }

  @Test
  public void anAuthenticatorThatFailsLetsNobodyInAndTellsNoSecret() throws Exception {
    server.authenticators.remove(people);
    server.authenticators.add(
        credentials -> {
          throw new IllegalStateException(credentials.token());
        },
        Map.of());
    LogLines.clear();
    expect(401, upgrade("/", "Authorization: Bearer " + SECRET));
    assertFalse(LogLines.all().toString(), LogLines.all().toString().contains("secret"));
  }

  @Test
  public void aSlowAuthenticatorHoldsUpNobodyElse() throws Exception {
    String session = logIn();
    holdUp(
        "Authorization: Bearer " + SECRET,
        () -> {
          expect(503, upgrade("/", "Authorization: Bearer " + SECRET));
          expect(401, upgrade("/"));
          expect(200, get("/", session));
        });
  }

  @Test
  public void passwordsThatTakeLongDoNotHoldUpTokens() throws Exception {
    holdUp(
        basic("ann:pa:ss"),
        () -> {
          expect(503, upgrade("/", basic("ann:pa:ss")));
          expect(101, upgrade("/", "Authorization: Bearer " + SECRET));
        });
  }

  private interface Attempt {
    void run() throws Exception;
  }

  /** Has four who log in like this wait for an answer meanwhile. */
  private void holdUp(String field, Attempt meanwhile) throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(4);
    boolean ofPasswords = field.contains("Basic");
    server.authenticators.remove(people);
    server.authenticators.add(people, Map.of("service.ranking", -1));
    server.authenticators.add(
        credentials -> {
          if (credentials.user().isEmpty() == ofPasswords) {
            return Optional.empty();
          }
          asked.countDown();
          try {
            answer.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Optional.empty();
        },
        Map.of());
    Peer[] waiting = new Peer[4];
    for (int i = 0; i < waiting.length; i++) {
      waiting[i] = new Peer(server.port());
      waiting[i].write( // no page, of which only so many are made at a time
          "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
              + field
              + "\r\n\r\n");
    }
    asked.await();
    try {
      meanwhile.run();
    } finally {
      answer.countDown();
    }
    for (Peer peer : waiting) {
      expect(101, peer.readHead()); // the next one knows him
      peer.close();
    }
  }
}
