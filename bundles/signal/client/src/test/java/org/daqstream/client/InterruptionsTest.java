/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Connections that end, of themselves or by a fault: what is told, and how it goes on. */
public class InterruptionsTest {
  private static final int LIMIT_MS = 10_000;

  /** Serves int32 signal {@code v}, a sample each 1000 ns, from a row and tick on. */
  private static void serve(ServerLine line, long row, long tick, int... values) throws Exception {
    line.greet("1.2.0", "t", "v");
    line.serveSubscribe("t", "v", "int32", row);
    line.pair(1, row, tick);
    line.data(2, Packets.ints(values));
  }

  private static StreamingClient client(ScriptedServer server) {
    return StreamingClient.at(server.address()).reconnect(1, 20).open();
  }

  private static List<String> over(int samples, ScriptedServer.Script... scripts) throws Exception {
    try (ScriptedServer server = new ScriptedServer(scripts);
        StreamingClient client = client(server)) {
      Received received = new Received();
      client.subscribe("v", received);
      received.awaitSamples(samples);
      return received.events();
    }
  }

  @Test
  public void nothingIsSentBeforeTheUpgradeIsAnswered() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (Stage stage =
        new Stage(
            line -> {
              line.head();
              line.socket.setSoTimeout(350); // three times the interval of pings
              assertThrows(SocketTimeoutException.class, line::frame);
              line.socket.setSoTimeout(LIMIT_MS);
              line.send(line.acceptance());
              assertEquals(FrameHeader.PING, line.frame().opcode());
              over.countDown();
            },
            client -> client.pingIntervalMs(100))) {
      assertTrue(over.await(LIMIT_MS, TimeUnit.MILLISECONDS));
      assertEquals(List.of(), stage.client.signalIds());
    }
  }

  @Test
  public void whoIsNoWebSocketServerGetsNoFrame() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.head();
                  line.send("HTTP/1.1 404 Not Found\r\n\r\n");
                  assertThrows(EOFException.class, line::frame);
                  over.countDown();
                });
        StreamingClient client = StreamingClient.at(server.address()).noReconnect().open()) {
      assertTrue(over.await(LIMIT_MS, TimeUnit.MILLISECONDS));
      Await.until("it says why", () -> client.failure().contains("404"));
    }
  }

  @Test
  public void whatIsMissingIsToldWithItsRowsAndTimes() throws Exception {
    assertEquals(
        List.of(
            "described",
            "0: [1.0, 2.0] at 5000",
            "interrupted",
            "described",
            "CONNECTION 2-50 at 7000-55000",
            "50: [3.0] at 55000"),
        over(
            3,
            line -> {
              serve(line, 0, 5000, 1, 2);
              line.reset();
            },
            line -> {
              serve(line, 50, 55_000, 3);
              line.untilLeft();
            }));
  }

  @Test
  public void aDeviceThatCountsAnew() throws Exception {
    assertEquals(
        List.of("0: [1.0, 2.0] at 5000", "CONNECTION 2-0 at 7000-99000", "0: [3.0] at 99000"),
        over(
                3,
                line -> {
                  serve(line, 0, 5000, 1, 2);
                  line.close();
                },
                line -> {
                  serve(line, 0, 99_000, 3);
                  line.untilLeft();
                })
            .stream()
            .filter(each -> !each.matches("described|interrupted"))
            .toList());
  }

  @Test
  public void aDeviceThatMissedNothing() throws Exception {
    List<String> events =
        over(
            2,
            line -> {
              serve(line, 0, 5000, 1, 2);
              line.close();
            },
            line -> {
              serve(line, 2, 7000, 3);
              line.untilLeft();
            });
    assertEquals("2: [3.0] at 7000", events.get(events.size() - 1));
    assertFalse(events.toString(), events.toString().contains("CONNECTION"));
  }

  @Test
  public void stampsTellNothingOfRowsThatAreCountedAnew() throws Exception {
    ScriptedServer.Script[] scripts = new ScriptedServer.Script[2];
    for (int i = 0; i < 2; i++) {
      long row = i;
      scripts[i] =
          line -> {
            line.greet("2.0.0", "v");
            line.answer(line.expect("subscribe", "v"), "[true]");
            line.signal(1, "t", Documents.explicitTime("t"));
            line.value(2, "v", "t", "int32", row);
            line.data(1, Packets.longs(100 + 1000 * row));
            line.data(2, Packets.ints((int) row));
            if (row == 1) {
              line.untilLeft();
            }
            line.close();
          };
    }
    List<String> events = over(3, scripts);
    assertTrue(events.toString(), events.contains("CONNECTION 1-1 at 100-1100"));
  }

  @Test
  public void theLastConstantOfAConnectionThatIsGoneIsNotRepeated() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.greet("1.2.0", "v");
                  line.answer(line.expect("subscribe", "v"), "[true]");
                  line.linearTime(1, "t", 10);
                  line.signal(2, "v", Documents.value("v", "t", "int32", "constant", 0));
                  line.data(2, Packets.joined(Packets.longs(0), Packets.ints(7)));
                  line.expect("subscribe", "x");
                  line.close();
                },
                line -> {
                  line.greet("1.2.0", "v");
                  line.untilLeft();
                });
        StreamingClient client = client(server)) {
      Received received = new Received();
      client.subscribe("v", received);
      received.awaitSamples(1);
      client.subscribe("x", new Received());
      received.awaitEvent("interrupted");
      Received late = new Received();
      client.subscribe("v", late);
      assertEquals(List.of("described"), late.awaitEvents(1));
      client.awaitConnected(LIMIT_MS);
      assertEquals(List.of(), late.samples());
    }
  }

  @Test
  public void aServerThatDiesInTheMiddleOfAFrame() throws Exception {
    List<String> events =
        over(
            3,
            line -> {
              serve(line, 0, 5000, 1);
              byte[] frame = Packets.binary(Packets.data(2, Packets.ints(8, 9)));
              line.send(Arrays.copyOf(frame, frame.length - 1));
              line.close();
            },
            line -> {
              serve(line, 3, 8000, 3);
              line.untilLeft();
            });
    assertTrue(events.toString(), events.contains("CONNECTION 1-3 at 6000-8000"));
  }

  @Test
  public void aServerThatSaysGoodbye() throws Exception {
    List<String> reasons = new CopyOnWriteArrayList<>();
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.greet("1.2.0");
                  line.send(Packets.frame(0x88, Packets.hex("03e8 627965")));
                  ServerLine.Frame answer = line.frame();
                  assertEquals(FrameHeader.CLOSE, answer.opcode());
                  assertEquals(1000, answer.payload().getShort());
                  line.untilLeft();
                });
        StreamingClient client =
            StreamingClient.at(server.address())
                .noReconnect()
                .listener(
                    new ConnectionListener() {
                      @Override
                      public void disconnected(String why) {
                        reasons.add(why);
                      }
                    })
                .open()) {
      Await.until("the end", () -> !reasons.isEmpty());
      assertEquals(List.of("the device closed the connection: 1000 bye"), reasons);
      Received late = new Received();
      client.subscribe("v", late);
      assertEquals(
          List.of("ended: the device closed the connection: 1000 bye"), late.awaitEvents(1));
    }
  }

  @Test
  public void halfOpenConnectionsAreFoundByPings() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  line.greet("1.2.0");
                  ServerLine.Frame ping = line.frame();
                  assertEquals(FrameHeader.PING, ping.opcode());
                  line.pong(ping);
                  try {
                    while (true) {
                      line.frame(); // and never a word again
                    }
                  } catch (IOException e) {
                    // It has given this one up.
                  }
                },
                line -> {
                  line.greet("1.2.0");
                  line.untilLeft();
                });
        StreamingClient client =
            StreamingClient.at(server.address()).pingIntervalMs(30).reconnect(1, 20).open()) {
      Await.until("a second connection", () -> client.statistics().connections() == 2);
    }
  }

  @Test
  public void whoNeverAnsweredAPingMayBeSilent() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (Stage stage =
        new Stage(
            line -> {
              line.greet("1.2.0");
              for (int i = 0; i < 3; i++) {
                assertEquals(FrameHeader.PING, line.frame().opcode());
              }
              assertEquals("no ping any more", FrameHeader.BINARY, line.frame().opcode());
              asked.countDown();
            },
            client -> client.pingIntervalMs(10))) {
      stage.client.awaitConnected(LIMIT_MS);
      long startNanos = System.nanoTime();
      Await.until("a while", () -> Await.sinceMs(startNanos) > 200);
      stage.client.subscribe("v", new Received());
      assertTrue(asked.await(LIMIT_MS, TimeUnit.MILLISECONDS));
      assertEquals("", stage.client.failure());
    }
  }

  @Test
  public void signalsThatGoAndComeBack() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                line -> {
                  serve(line, 0, 5000, 1);
                  line.unavailable("v");
                  line.available("v");
                  line.answer(line.expect("subscribe", "v"), "[true]");
                  line.value(2, "v", "t", "int64", 10);
                  line.data(2, Packets.longs(2));
                  line.untilLeft();
                });
        StreamingClient client = client(server)) {
      Received received = new Received();
      client.subscribe("v", received);
      received.awaitSamples(3);
      assertEquals(
          List.of(
              "described",
              "0: [1.0] at 5000",
              "interrupted",
              "described",
              "CONNECTION 1-10 at 6000-15000",
              "10: [2.0] at 15000"),
          received.events());
      assertEquals(List.of("t", "v"), client.signalIds());
    }
  }

  @Test
  public void closingIsQuickInEveryState() throws Exception {
    ScriptedServer.Script[] states = {
      line -> line.head(),
      line -> line.upgrade(),
      line -> line.greet("1.2.0"),
      line -> serve(line, 0, 0, 1)
    };
    for (ScriptedServer.Script each : states) {
      try (ScriptedServer server =
          new ScriptedServer(
              line -> {
                try {
                  each.play(line);
                } catch (IOException e) {
                  return; // it has left in the middle
                }
                line.untilLeft();
              })) {
        StreamingClient client = client(server);
        Received received = new Received();
        client.subscribe("v", received);
        Await.until("a client", () -> server.clients() > 0);
        long startNanos = System.nanoTime();
        client.close();
        assertTrue("took " + Await.sinceMs(startNanos), Await.sinceMs(startNanos) < 1_500);
        received.awaitEvent("ended: the client was closed");
        client.close();
      }
    }
    try (StreamingClient client = StreamingClient.at("ws://192.0.2.1").open()) {
      client.subscribe("v", new Received());
    }
    Await.noThread("daqstream-client");
  }

  @Test
  public void aListenerMayCloseEverything() throws Exception {
    for (SubscriptionOptions options :
        List.of(SubscriptionOptions.DEFAULT, SubscriptionOptions.DEFAULT.direct())) {
      try (ScriptedServer server =
          new ScriptedServer(
              line -> {
                serve(line, 0, 0, 1);
                line.untilLeft();
              })) {
        StreamingClient client = client(server);
        Received received = new Received();
        client.subscribe("v", options, block -> client.close());
        client.subscribe("v", options, received);
        received.awaitEvent("ended: the client was closed");
      }
    }
    Await.noThread("daqstream-client");
  }
}
