/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.access.Globs;
import org.daqstream.server.internal.access.Rights;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.testing.Certificates;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * Tries every way in as everybody; docs/security.md has the tables that come of it, and gets them
 * anew with {@code -Ddaqstream.tables.write=true}.
 */
public class WhoMayWhatTest {
  private static final Path PAGE = Path.of("../../../docs/security.md");
  private static final String BEGIN = "<!-- WhoMayWhatTest -->\n";
  private static final String BEGIN_TLS = "<!-- WhoMayWhatTest, inside TLS -->\n";
  private static final String END = "<!-- end -->";
  private static final String FORM = "Content-Type: application/x-www-form-urlencoded";
  private static final Pattern COOKIE = Pattern.compile("Set-Cookie: ([^;]*);");

  private final KnownPeople people =
      new KnownPeople()
          .with("r", "reader")
          .with("e", "everything")
          .with("gone", "everything")
          .with("h", "watch")
          .with("CN=client", "reader");
  private final TestServer open = new TestServer();
  private final TestServer closed = new TestServer("login", "needed");
  private final StringBuilder table =
      new StringBuilder(
          "| who asks | WebSocket | command | page | metrics | health |\n"
              + "|---|---|---|---|---|---|\n");

  @Before
  public void openPages() {
    equip(open);
    equip(closed);
    closed.authenticators.add(people, Map.of());
    Globs none = new Globs(List.of());
    closed.roles.set("watch", new Rights(none, none, none, Set.of("health")));
  }

  private static void equip(TestServer server) {
    server.pages.add(page(), Map.of(HttpPage.PATH, "/"));
    server.pages.add(page(), Map.of(HttpPage.PATH, "/metrics", HttpPage.KIND, "metrics"));
    server.pages.add(page(), Map.of(HttpPage.PATH, "/health", HttpPage.KIND, "health"));
    TestServer.signal(server.table("time"), "v");
  }

  @After
  public void stop() {
    open.close();
    closed.close();
  }

  private static HttpPage page() {
    return new HttpPage() {
      @Override
      public String contentType() {
        return "text/plain";
      }

      @Override
      public byte[] body() {
        return "page".getBytes(StandardCharsets.UTF_8);
      }
    };
  }

  /** Opens a connection. */
  private interface Door {
    Peer open() throws Exception;
  }

  /** How somebody asks. */
  private record Asker(Door door, String host, String pathPrefix, String query, String fields) {
    Asker with(String field) {
      return new Asker(door, host, pathPrefix, query, fields + field + "\r\n");
    }

    private String head(String method, String path) {
      return method
          + " "
          + pathPrefix
          + path
          + query
          + " HTTP/1.1\r\nHost: "
          + host
          + "\r\n"
          + fields;
    }

    private String ask(String method, String path, String body, String... more) throws Exception {
      try (Peer peer = door.open()) {
        peer.write(
            head(method, path)
                + String.join("\r\n", more)
                + (more.length == 0 ? "" : "\r\n")
                + "Connection: close\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
        return peer.readToEnd();
      } catch (IOException e) {
        return "";
      }
    }
  }

  private static Asker at(int port, String host) {
    return new Asker(() -> new Peer(port), host + ":" + port, "", "", "");
  }

  private static String status(String head) {
    return head.startsWith("HTTP/1.1 ") // else there is nothing, or an alert of TLS
        ? head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length())
        : "–";
  }

  private void row(String who, Asker asker) throws Exception {
    String socket = "–";
    String command = "–";
    try (Peer peer = asker.door.open()) {
      peer.write(
          asker.head("GET", "/")
              + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      socket = status(peer.readHead());
      String session = "0123456789abcdef01234567";
      if (socket.equals("101")) {
        peer.next("apiVersion");
        session = peer.next("init").params().path("streamId").textValue();
      }
      String body = "{\"method\":\"" + session + ".subscribe\",\"params\":[\"v\"]}";
      command = status(asker.ask("POST", "/", body, "Content-Type: application/json"));
    } catch (IOException e) {
      // none of both
    }
    table.append(
        "| %s | %s | %s | %s | %s | %s |\n"
            .formatted(
                who,
                socket,
                command,
                status(asker.ask("GET", "/", "")),
                status(asker.ask("GET", "/metrics", "")),
                status(asker.ask("GET", "/health", ""))));
  }

  private String logIn(Asker asker) throws Exception {
    Asker own = asker.with("Origin: http://" + asker.host);
    Matcher cookie = COOKIE.matcher(own.ask("POST", "/login", "secret=r", FORM));
    assertTrue(cookie.find());
    return "Cookie: " + cookie.group(1);
  }

  private void askOpenServer() throws Exception {
    Asker program = at(open.port(), "127.0.0.1");
    Asker byName = at(open.port(), "foreign.example");
    row("program, no `Origin`", program);
    row("program, by a name that is not ours", byName);
    row("page of the server", program.with("Origin: http://127.0.0.1:" + open.port()));
    row("page of its other port", program.with("Origin: http://127.0.0.1:" + open.controlPort()));
    row("page of others", program.with("Origin: https://foreign.example"));
    row("page of another port of the host", program.with("Origin: http://127.0.0.1:1"));
    row("page without an origin (`null`)", program.with("Origin: null"));
    row(
        "page of others, its name leads here",
        byName.with("Origin: http://foreign.example:" + open.port()));
  }

  private void askClosedServer() throws Exception {
    Asker program = at(closed.port(), "127.0.0.1");
    row("login needed: nobody", program);
    row("token of `reader`", program.with("Authorization: Bearer r"));
    row("token of a role with `pages = health`", program.with("Authorization: Bearer h"));
    row("token of `everything`", program.with("Authorization: Bearer e"));
    row(
        "the same from a page of others",
        program.with("Authorization: Bearer e").with("Origin: http://foreign.example"));
    row("wrong token", program.with("Authorization: Bearer x"));
    row(
        "token of `reader` in front of the path",
        new Asker(program.door, program.host, "/token/r", "", ""));
    row("right token in the query", new Asker(program.door, program.host, "", "?token=e", ""));
    people.without("gone");
    row("revoked token", program.with("Authorization: Bearer gone"));
    row("token of `reader` again", program.with("Authorization: Bearer r")); // ends the delay
    String cookie = logIn(program);
    row("browser that logged in as `reader`", program.with(cookie));
    row("the same at the other port", at(closed.controlPort(), "127.0.0.1").with(cookie));
    row(
        "the same from a page of another port",
        program.with(cookie).with("Origin: http://127.0.0.1:1"));
    program.with(cookie).with("Origin: http://" + program.host).ask("POST", "/logout", "");
    row("the same when it has logged out", program.with(cookie));
  }

  private static void compare(String table, String begin) throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(begin) + begin.length();
    int to = page.indexOf(END, from);
    if (Boolean.getBoolean("daqstream.tables.write")) {
      Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
    } else {
      assertEquals("docs/security.md", table, page.substring(from, to));
    }
  }

  @Test
  public void theTableTellsWhatIsAnswered() throws Exception {
    askOpenServer();
    askClosedServer();
    compare(table.toString(), BEGIN);
  }

  /** Shows the certificate of a name, unless that is empty. */
  private static Asker inside(TlsServer tls, String own) {
    int port = tls.server.port();
    return new Asker(
        () -> new Peer(TlsServer.socket(TlsServer.context(own), port, 0)),
        "127.0.0.1:" + port,
        "",
        "",
        "");
  }

  private TlsServer tlsServer(String... keysAndValues) throws Exception {
    TlsServer tls = new TlsServer((Object[]) keysAndValues);
    equip(tls.server);
    return tls;
  }

  @Test
  public void theTableTellsWhatIsAnsweredInsideTls() throws Exception {
    String trust = Certificates.instance().file("ca.crt");
    try (TlsServer tls = tlsServer()) {
      row("TLS: program", inside(tls, ""));
      row("program that speaks no TLS", at(tls.server.port(), "127.0.0.1"));
      String own = "://127.0.0.1:" + tls.server.port();
      row("page of the server", inside(tls, "").with("Origin: https" + own));
      row("the same that came without TLS", inside(tls, "").with("Origin: http" + own));
    }
    try (TlsServer tls =
        tlsServer("tls.clientCertificates", "want", "tls.trust", trust, "login", "needed")) {
      tls.server.authenticators.add(people, Map.of());
      row("`want`, login needed: nobody", inside(tls, ""));
      row("certificate that is listed as `reader`", inside(tls, "client"));
      row("certificate that nobody lists", inside(tls, "elsewhere"));
      row(
          "the same with a token of `everything`",
          inside(tls, "elsewhere").with("Authorization: Bearer e"));
      row(
          "the listed one with a wrong token",
          inside(tls, "client").with("Authorization: Bearer x"));
    }
    try (TlsServer tls = tlsServer("tls.clientCertificates", "need", "tls.trust", trust)) {
      row("`need`: certificate that `tls.trust` vouches for", inside(tls, "client"));
      row("no certificate", inside(tls, ""));
      row("certificate of a stranger", inside(tls, "stranger"));
      row("one that has expired", inside(tls, "expired"));
      row("one that is not valid yet", inside(tls, "early"));
    }
    compare(table.toString(), BEGIN_TLS);
  }
}
