/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.daqstream.testing.Await;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A token goes to the device, with everything that is asked of it, and nowhere else. */
public class TokenTest {
  private static final String SECRET = "dqs_01234567_not/for+others=";
  private static final int LIMIT_MS = 20_000;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  /** What somebody saw of a connection who looks at its bytes. */
  private static final class Tap implements WireListener {
    private final StringBuilder seen = new StringBuilder();

    @Override
    public void opened() {}

    @Override
    public void received(ByteBuffer bytes) {}

    @Override
    public synchronized void sent(ByteBuffer bytes) {
      seen.append(StandardCharsets.ISO_8859_1.decode(bytes));
    }

    synchronized String seen() {
      return seen.toString();
    }
  }

  private static void expectShown(String head) {
    String field = "Authorization: Bearer " + SECRET;
    assertEquals(head, 1, head.lines().filter(field::equals).count());
  }

  private static StreamingClient.Builder at(ScriptedServer server) {
    return StreamingClient.at(server.address())
        .timeouts(LIMIT_MS, LIMIT_MS)
        .token(TokenSource.of(SECRET));
  }

  @Test
  public void itComesWithTheUpgradeAndWithCommands() throws Exception {
    AtomicReference<String> command = new AtomicReference<>();
    try (ScriptedServer commands =
            new ScriptedServer(
                line -> {
                  line.post();
                  command.set(line.lastHead());
                  line.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nSucceeded");
                });
        ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.greetHttp("1.2.0", String.valueOf(commands.port()), "/", "v");
                  expectShown(line.lastHead());
                  line.untilLeft();
                });
        StreamingClient client = at(server).open()) {
      client.awaitConnected(LIMIT_MS);
      client.subscribe("v", new Received());
      Await.until("a command", () -> command.get() != null);
      expectShown(command.get());
    }
  }

  @Test
  public void itFollowsNoRedirect() throws Exception {
    try (ScriptedServer other = new ScriptedServer(line -> line.head());
        ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.head();
                  String there = other.address().replace("ws:", "http:") + "/";
                  line.send("HTTP/1.1 307 Over There\r\nLocation: " + there + "\r\n\r\n");
                  line.close();
                });
        StreamingClient client = at(server).noReconnect().open()) {
      String why =
          assertThrows(IOException.class, () -> client.awaitConnected(LIMIT_MS)).getMessage();
      assertTrue(why, why.contains("307"));
      assertEquals("nobody else is asked", 0, other.clients());
    }
  }

  @Test
  public void whoLooksAtTheBytesSeesStars() throws Exception {
    Tap tap = new Tap();
    try (ScriptedServer server =
        new ScriptedServer(
            line -> {
              line.greet("1.2.0");
              line.untilLeft();
            })) {
      String address = server.address() + "/token/dqs_1_x/stream";
      try (StreamingClient client =
          StreamingClient.at(address).token(TokenSource.of(SECRET)).wire(tap).open()) {
        client.awaitConnected(LIMIT_MS);
      }
    }
    assertTrue(tap.seen(), tap.seen().startsWith("GET /token/***/stream HTTP/1.1\r\n"));
    assertTrue(tap.seen(), tap.seen().contains("\r\nAuthorization: Bearer ***\r\n\r\n"));
    assertFalse(tap.seen(), tap.seen().contains("dqs_"));
  }

  @Test
  public void aRefusalIsOneSentenceWithoutIt() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.head();
                  line.send("HTTP/1.1 401 Unauthorized\r\n\r\n");
                  line.close();
                });
        StreamingClient client = at(server).noReconnect().open()) {
      String why =
          assertThrows(IOException.class, () -> client.awaitConnected(LIMIT_MS)).getMessage();
      assertEquals(
          "the server wants a login, or does not know this one: HTTP/1.1 401 Unauthorized", why);
    }
  }

  @Test
  public void aFileIsReadForEachConnection() throws Exception {
    Path file = folder.newFile("token").toPath();
    Files.writeString(file, "one\n");
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  assertTrue(line.head(), line.lastHead().contains("Bearer one\r\n"));
                  Files.writeString(file, " two \n");
                  line.close();
                },
                line -> {
                  line.greet("1.2.0");
                  assertTrue(line.lastHead(), line.lastHead().contains("Bearer two\r\n"));
                  line.untilLeft();
                });
        StreamingClient client =
            StreamingClient.at(server.address())
                .reconnect(1, 10)
                .token(TokenSource.ofFile(file))
                .open()) {
      Await.until("the second connection", () -> client.greeting() != null);
    }
  }

  @Test
  public void whatCannotBeSentIsSaidWithoutIt() throws Exception {
    for (String wrong : List.of("a\r\nHost: b", "a b", "\u00fc", "a".repeat(5_000))) {
      String why =
          assertThrows(IllegalArgumentException.class, () -> TokenSource.of(wrong)).getMessage();
      assertFalse(why, why.contains(wrong));
    }
    Path file = folder.newFile("token").toPath();
    expectSaid(TokenSource.ofFile(file), "is empty");
    Files.writeString(file, "two words");
    expectSaid(TokenSource.ofFile(file), "a token has letters");
    expectSaid(TokenSource.ofFile(file.resolveSibling("none")), "no such file");
  }

  /** As the reason why there is no connection; nobody is asked. */
  private static void expectSaid(TokenSource source, String reason) throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(line -> assertThrows(IOException.class, line::head));
        StreamingClient client =
            StreamingClient.at(server.address()).token(source).noReconnect().open()) {
      String why =
          assertThrows(IOException.class, () -> client.awaitConnected(LIMIT_MS)).getMessage();
      assertTrue(why, why.startsWith("token file '") && why.contains(reason));
      assertFalse(why, why.contains("words"));
    }
  }
}
