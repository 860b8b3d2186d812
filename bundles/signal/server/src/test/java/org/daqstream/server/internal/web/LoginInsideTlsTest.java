/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertTrue;

import java.util.Map;
import org.daqstream.server.internal.Peer;
import org.daqstream.testing.Certificates;
import org.junit.Test;

/** Certificates of clients tell who they are, and sessions of browsers do not leave TLS. */
public class LoginInsideTlsTest {
  private static final String TRUST = Certificates.instance().file("ca.crt");

  private static Peer peer(TlsServer tls, String own) throws Exception {
    return new Peer(TlsServer.socket(TlsServer.context(own), tls.server.port(), 0));
  }

  private static void expect(int status, String answer) {
    assertTrue(answer, answer.startsWith("HTTP/1.1 " + status + " "));
  }

  @Test
  public void theSubjectOfACertificateIsALogin() throws Exception {
    try (TlsServer tls =
        new TlsServer("login", "needed", "tls.clientCertificates", "want", "tls.trust", TRUST)) {
      tls.server.authenticators.add(new KnownPeople().with("CN=client", "reader"), Map.of());
      try (Peer known = peer(tls, "client")) {
        expect(101, known.upgrade("/"));
      }
      try (Peer nobody = peer(tls, "")) {
        expect(401, nobody.upgrade("/"));
      }
    }
  }

  private static String get(TlsServer tls, String own, String fields) throws Exception {
    try (Peer peer = peer(tls, own)) {
      return peer.upgrade("/", fields);
    }
  }

  @Test
  public void aCertificateThatNobodyListsIsAsNone() throws Exception {
    try (TlsServer tls =
        new TlsServer("login", "needed", "tls.clientCertificates", "want", "tls.trust", TRUST)) {
      tls.server.authenticators.add(new KnownPeople().with("right", "reader"), Map.of());
      for (int i = 0; i < 2 * Failures.FREE; i++) {
        expect(401, get(tls, "client", "X: y"));
      }
      expect(101, get(tls, "client", "Authorization: Bearer right"));
      try (Peer peer = peer(tls, "client")) {
        String head = logIn(tls, peer);
        expect(303, head);
        String cookie = head.replaceFirst("(?s).*Set-Cookie: ([^;]*);.*", "$1");
        expect(101, get(tls, "client", "Cookie: " + cookie));
      }
    }
  }

  private static String logIn(TlsServer tls, Peer peer) throws Exception {
    String host = "localhost:" + tls.server.port();
    peer.write(
        "POST /login HTTP/1.1\r\nHost: "
            + host
            + "\r\nOrigin: https://"
            + host
            + "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + "Content-Length: 12\r\n\r\nsecret=right");
    return peer.readHead();
  }

  @Test
  public void pagesThatCameWithoutTlsAreOfOthers() throws Exception {
    try (TlsServer tls = new TlsServer()) {
      String own = "://localhost:" + tls.server.port();
      expect(101, get(tls, "", "Origin: https" + own));
      expect(403, get(tls, "", "Origin: http" + own));
    }
  }

  @Test
  public void aSessionOfABrowserIsSecure() throws Exception {
    try (TlsServer tls = new TlsServer("login", "needed")) {
      tls.server.authenticators.add(new KnownPeople().with("right", "reader"), Map.of());
      try (Peer peer = peer(tls, "")) {
        String head = logIn(tls, peer);
        expect(303, head);
        assertTrue(head, head.contains("Set-Cookie: __Host-daqstream-" + tls.server.port() + "="));
        assertTrue(head, head.contains("; HttpOnly; SameSite=Strict; Secure\r\n"));
      }
    }
  }
}
