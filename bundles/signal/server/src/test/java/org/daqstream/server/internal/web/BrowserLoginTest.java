/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.junit.Test;

/** Browsers: the login page, sessions, and what pages of others can make of them. */
public class BrowserLoginTest extends LoginBench {
  @Test
  public void aBrowserLogsInOnAPage() throws Exception {
    String form = get("/login");
    expect(200, form);
    assertTrue(
        form, form.contains("Content-Security-Policy: default-src 'none'; style-src 'sha256-"));
    assertTrue(form, form.contains("action=/login"));
    String cookie = logIn();
    expect(
        101,
        upgrade(
            "/", cookie, own(server.port()).replace("localhost:" + server.port(), "localhost")));
    expect(200, get("/", cookie));
    assertTrue(get("/login", cookie).contains("action=/logout"));
  }

  @Test
  public void theHeadOfThePageIsThatOfThePage() throws Exception {
    String[] page = get("/login").split("(?<=\r\n\r\n)", 2);
    assertTrue(page[0], page[0].contains("Content-Length: " + page[1].length()));
    assertEquals(withoutDate(page[0]), withoutDate(ask(server.port(), "HEAD", "/login", "")));
  }

  private static String withoutDate(String head) {
    return head.replaceAll("Date: .*\r\n", "");
  }

  @Test
  public void aRequestThatSaysHttpsIsNotInsideTls() throws Exception {
    String cookie = logIn();
    try (Peer peer = new Peer(server.port())) {
      peer.write("GET https://localhost/login HTTP/1.0\r\n" + cookie + "\r\n\r\n");
      String answer = peer.readToEnd();
      assertTrue(answer, answer.contains("action=/logout")); // a cookie of TLS has another name
    }
  }

  @Test
  public void aSessionHoldsWhereItBeganAndNotBehindItsEnd() throws Exception {
    String cookie = logIn();
    String otherName = cookie.replace("-" + server.port(), "-" + server.controlPort());
    expect(401, ask(server.controlPort(), "GET", "/", "", cookie));
    expect(401, ask(server.controlPort(), "GET", "/", "", otherName));
    expect(200, get("/", cookie));
    try (Peer peer = Peer.connect(server.port(), cookie)) {
      expect(303, ask(server.port(), "POST", "/logout", "", own(server.port()), cookie));
      assertEquals("ended with the session", 1008, Dialogue.closeCode(peer));
    }
    expect(401, get("/", cookie));
    expect(401, upgrade("/", cookie));
  }

  /** Any port of the host can put cookies of this name into a browser. */
  @Test
  public void aSessionIsFoundBehindOthersOfItsName() throws Exception {
    String cookie = logIn();
    String name = cookie.substring("Cookie: a=b; ".length(), cookie.lastIndexOf('='));
    String planted = "; " + name + "=" + "x".repeat(43);
    String others = planted.repeat(100).substring(2);
    expect(200, get("/", "Cookie: " + others, cookie));
    expect(101, upgrade("/", cookie.replace("a=b", others)));
    expect(401, get("/", "Cookie: " + others));
    expect(
        303,
        ask(
            server.port(),
            "POST",
            "/logout",
            "",
            own(server.port()),
            cookie.replace("a=b", others)));
    expect(401, get("/", cookie));
  }

  @Test
  public void aSessionEndsWithTheToken() throws Exception {
    String cookie = logIn();
    people.without(SECRET);
    expect(401, get("/", cookie));
  }

  @Test
  public void pagesOfOthersLogNobodyInOrOut() throws Exception {
    String cookie = logIn();
    for (String origin : List.of("Origin: http://evil.example", "Origin: null", "X: y")) {
      expect(403, ask(server.port(), "POST", "/login", "secret=" + SECRET, origin, FORM));
      expect(403, ask(server.port(), "POST", "/logout", "", origin, cookie));
    }
    expect(200, get("/", cookie));
    expect(415, ask(server.port(), "POST", "/login", "secret=" + SECRET, own(server.port())));
    expect(400, ask(server.port(), "POST", "/login", "s".repeat(5_000), own(server.port()), FORM));
    expect(401, ask(server.port(), "POST", "/login", "secret=%zz&user", own(server.port()), FORM));
  }

  /** What a foreign page makes a browser ask for is no guess of who sits there. */
  @Test
  public void aTokenInThePathOfAPageShutsNobodyOut() throws Exception {
    for (int i = 0; i < 2 * Failures.FREE; i++) {
      expect(401, get("/token/x" + i + "/"));
    }
    expect(101, upgrade("/", "Authorization: Bearer " + SECRET));
  }

  @Test
  public void whatIsNoTokenIsNoGuess() throws Exception {
    for (int i = 0; i < 2 * Failures.FREE; i++) {
      expect(401, get("/", "Authorization: Digest x" + i));
    }
    expect(101, upgrade("/", "Authorization: Bearer " + SECRET));
  }

  @Test
  public void everyAnswerIsProtected() throws Exception {
    String own = own(server.port());
    String cookie = logIn();
    for (String answer :
        List.of(
            get("/login"),
            get("/"),
            get("/", "Accept: text/html"),
            get("/m", cookie),
            upgrade("/"),
            ask(server.port(), "POST", "/login", "secret=x", own, FORM),
            ask(server.port(), "POST", "/login", "secret=" + SECRET, own, FORM),
            ask(server.port(), "POST", "/logout", "", own, cookie))) {
      String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
      for (String field :
          List.of(
              "X-Content-Type-Options: nosniff",
              "X-Frame-Options: DENY",
              "Referrer-Policy: ",
              "Cross-Origin-Resource-Policy: same-origin",
              "frame-ancestors 'none'")) {
        assertTrue(field + " in " + head, head.contains(field));
      }
    }
  }
}
