/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.nats.client.api.ConsumerConfiguration;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.CuttingProxy;
import org.daqstream.testing.NatsServer;
import org.daqstream.testing.RecordingSink;
import org.junit.After;
import org.junit.Test;

/** Servers that refuse, change their mind, say nothing, or begin anew. */
public class OddServersTest {
  private static final String JETSTREAM = "jetstream { store_dir: \"$FOLDER\" }\n";

  private final Nat streams = new Nat();
  private final HoldingSink sink = new HoldingSink();
  private final RecordingSink outSink = new RecordingSink();

  @After
  public void nothingIsLeft() {
    streams.close();
  }

  private static Map<String, Object> out(String url, Object... more) {
    Map<String, Object> parameters = Nat.at(url, "s.a", more);
    parameters.put("jetstream", "s");
    return parameters;
  }

  private static Map<String, Object> in(String url, Object... more) {
    Map<String, Object> parameters = out(url, more);
    parameters.put("durable", "d");
    return parameters;
  }

  private static String permissions(String what) {
    return "no_auth_user: u\n"
        + "authorization { users: [{ user: u, password: p, permissions: { %s } }] }\n"
            .formatted(what);
  }

  @Test
  public void whatAServerRefusesCountsAsLost() throws Exception {
    try (NatsServer server = NatsServer.with(permissions("publish: \"b\""))) {
      TransportOutput output = streams.output(outSink, Nat.at(server.url(), "a"));
      for (int i = 0; i < 50; i++) {
        Nat.send(output, "m" + i);
      }
      Await.until("lost", () -> output.statistics().lostMessages() == 50);
      StreamStatistics out = output.statistics();
      assertEquals(0, out.messages());
      assertTrue(out.lastError(), out.lastError().contains("Permissions Violation for Publish"));
      assertEquals("still connected", 1, out.peers());
      server.reload(permissions("publish: \"a\""));
      Nat.send(output, "now");
      Await.until("sent or lost", () -> output.statistics().queuedMessages() == 0);
      Nat.send(output, "last");
      Await.until("sent", () -> output.statistics().messages() > 0);
      assertEquals(List.of(), outSink.faults());
    }
  }

  @Test
  public void subscriptionThatIsRefusedIsAskedForAgain() throws Exception {
    try (NatsServer server = NatsServer.with(permissions("subscribe: \"b\""))) {
      TransportInput input = streams.input(sink, Nat.at(server.url(), "a"));
      Await.until("told", () -> isRefused(input));
      server.reload(permissions("subscribe: \"a\""));
      TransportOutput output = streams.output(Nat.at(server.url(), "a"));
      Await.until("it comes", () -> comes(output));
      Await.until("well", () -> !isRefused(input));
      server.reload(permissions("subscribe: \"b\""));
      Await.until("told", () -> isRefused(input));
      server.reload(permissions("subscribe: \"a\""));
      int before = sink.count();
      Await.until("it comes", () -> comes(output) && sink.count() > before);
      assertFalse(sink.peers().toString(), sink.peers().toString().contains("failed"));
    }
  }

  private static boolean isRefused(TransportInput input) {
    return input.statistics().lastError().contains("Permissions Violation for Subscription");
  }

  private boolean comes(TransportOutput output) {
    Nat.send(output, "m");
    return sink.count() > 0;
  }

  @Test
  public void whatASilentServerHasNotAnsweredDoesNotCountAsSent() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      TransportOutput output = streams.output(outSink, Nat.at(server.url(), "a"));
      Await.until("connected", () -> output.statistics().peers() == 1);
      Nat.send(output, "m0");
      Await.until("sent", () -> output.statistics().messages() == 1);
      server.pause(true);
      Nat.send(output, "m1");
      long startNanos = System.nanoTime();
      Await.until("some time-outs of before", () -> Await.sinceMs(startNanos) > 4_000);
      assertEquals("answered", 1, output.statistics().messages());
      server.kill();
      Await.until("lost", () -> output.statistics().lostMessages() == 1);
      assertEquals(1, output.statistics().messages());
    }
  }

  @Test
  public void slowLineIsNoDeadOne() throws Exception {
    try (NatsServer server = NatsServer.jetStream();
        CuttingProxy line = new CuttingProxy(server.port(), 1)) {
      Nat.addStream(server.url(), "s", 1);
      line.calm();
      line.slowDown(200_000);
      String url = "nats://127.0.0.1:" + line.port();
      TransportOutput core = streams.output(outSink, Nat.at(url, "a"));
      TransportOutput jetStream = streams.output(outSink, out(url));
      for (int i = 0; i < 24; i++) {
        Nat.send(core, "x".repeat(60_000));
        Nat.send(jetStream, "x".repeat(60_000));
      }
      for (TransportOutput output : List.of(core, jetStream)) {
        Await.until("all", () -> output.statistics().queuedMessages() == 0);
        StreamStatistics all = output.statistics();
        assertEquals(all.toString(), 24, all.messages());
        assertEquals(all.toString(), 0, all.disconnects());
        assertEquals("", all.lastError());
      }
      assertEquals(24, Nat.storedMessages(server.url(), "s"));
    }
  }

  @Test
  public void whatIsMissingIsLookedForNowAndThen() throws Exception {
    try (NatsServer server = NatsServer.jetStream()) {
      TransportInput input = streams.input(sink, in(server.url()));
      Await.until("told", () -> input.statistics().lastError().contains("stream not found"));
      long before = requests(server);
      long startNanos = System.nanoTime();
      Await.until("some time", () -> Await.sinceMs(startNanos) > 3_000);
      long asked = requests(server) - before;
      assertTrue("asked " + asked, asked > 0 && asked < 40);
    }
  }

  private static long requests(NatsServer server) throws Exception {
    return Nat.administer(
        server.url(),
        management -> management.getAccountStatistics().getApi().getTotalApiRequests());
  }

  @Test
  public void closeInTheMiddleOfSilenceIsInTime() throws Exception {
    try (NatsServer server = NatsServer.core()) {
      TransportOutput output = streams.output(outSink, Nat.at(server.url(), "a"));
      Await.until("connected", () -> output.statistics().peers() == 1);
      server.pause(true);
      Nat.send(output, "m0");
      long startNanos = System.nanoTime();
      assertEquals(new CloseResult(StreamResult.TIMEDOUT, 1, 2), output.close(200));
      assertTrue("at its deadline", Await.sinceMs(startNanos) < 2_000);
      assertEquals(1, output.statistics().lostMessages());
      server.pause(false);
    }
  }

  @Test
  public void limitThatShrinksIsNoEnd() throws Exception {
    try (NatsServer server = NatsServer.with(JETSTREAM + "max_payload: 20000\n")) {
      Nat.addStream(server.url(), "s", 1);
      TransportOutput core = streams.output(outSink, Nat.at(server.url(), "a"));
      TransportOutput jetStream = streams.output(outSink, out(server.url()));
      List<TransportOutput> both = List.of(core, jetStream);
      for (TransportOutput output : both) {
        Nat.send(output, "x".repeat(10_000));
        Await.until("sent", () -> output.statistics().messages() == 1);
      }
      server.reload(JETSTREAM + "max_payload: 5000\n");
      for (TransportOutput output : both) {
        Nat.offer(output, "x".repeat(10_000)); // taken or not, as jnats knows
        Nat.send(output, "last");
        Await.until("given up", () -> output.statistics().queuedMessages() == 0);
        Await.until("it sends again", () -> sends(output));
        assertEquals(StreamResult.TOOBIG, Nat.offer(output, "x".repeat(10_000)));
      }
      assertEquals(List.of(), outSink.faults());
    }
  }

  private static boolean sends(TransportOutput output) {
    long before = output.statistics().messages();
    Nat.send(output, "m");
    Await.until("all", () -> output.statistics().queuedMessages() == 0);
    return output.statistics().messages() > before;
  }

  @Test
  public void messageStoredBeforeTheLimitShrankIsTakenAlone() throws Exception {
    try (NatsServer server = NatsServer.with(JETSTREAM + "max_payload: 200000\n")) {
      Nat.addStream(server.url(), "s", 1);
      TransportOutput output = streams.output(outSink, out(server.url()));
      Nat.send(output, "m0");
      Nat.send(output, "x".repeat(150_000));
      Nat.send(output, "m1");
      assertEquals(new CloseResult(StreamResult.OK, 0, 0), output.close(10_000));
      server.reload(JETSTREAM + "max_payload: 5000\n");
      streams.input(sink, in(server.url(), "queueBytes", 80_000L));
      Await.until("all", () -> sink.count() == 3);
      assertEquals(150_000, sink.messages().get(1).length());
    }
  }

  @Test
  public void streamMadeAnewWhileTheModuleHoldsMessagesOfTheOld() throws Exception {
    try (NatsServer server = NatsServer.jetStream()) {
      Nat.addStream(server.url(), "s", 1);
      sink.hold(true);
      streams.input(sink, in(server.url()));
      TransportOutput output = streams.output(outSink, out(server.url()));
      Nat.send(output, "old");
      Await.until("the old one", () -> sink.count() == 1);
      Nat.administer(server.url(), management -> management.deleteStream("s"));
      Nat.addStream(server.url(), "s", 1);
      Nat.send(output, "new");
      Await.until("both", () -> sink.messages().equals(List.of("old", "new")));
      sink.release(true);
    }
  }

  @Test
  public void consumerThatIsDeletedIsMadeAgainAndAnotherKindIsTold() throws Exception {
    try (NatsServer server = NatsServer.jetStream()) {
      Nat.addStream(server.url(), "s", 1);
      TransportInput input = streams.input(sink, in(server.url()));
      TransportOutput output = streams.output(outSink, out(server.url()));
      Nat.send(output, "m0");
      Await.until("the first", () -> sink.count() == 1);
      Nat.administer(server.url(), management -> management.deleteConsumer("s", "d"));
      Nat.send(output, "m1");
      Await.until("the second", () -> sink.messages().equals(List.of("m0", "m1")));
      Nat.administer(server.url(), management -> management.deleteConsumer("s", "d"));
      Nat.addConsumer(
          server.url(),
          "s",
          ConsumerConfiguration.builder().durable("d").deliverSubject("elsewhere").build());
      Await.until("told", () -> input.statistics().lastError().contains("must be of pull"));
      Nat.administer(server.url(), management -> management.deleteConsumer("s", "d"));
      Nat.send(output, "m2");
      Await.until("the third", () -> sink.messages().equals(List.of("m0", "m1", "m2")));
    }
  }

  @Test
  public void headersLikeAnAnswerOfTheServerCostThatMessage() throws Exception {
    try (NatsServer server = NatsServer.core();
        Socket raw = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      TransportInput input = streams.input(sink, Nat.at(server.url(), "s.a"));
      String headers = "NATS/1.0 408 Request Timeout\r\n\r\n";
      String message =
          "CONNECT {\"headers\":true}\r\nHPUB s.a %d %d\r\n%sxxx\r\nPUB s.a 4\r\nlast\r\n"
              .formatted(headers.length(), headers.length() + 3, headers);
      OutputStream wire = raw.getOutputStream();
      wire.write(message.getBytes(US_ASCII));
      wire.flush();
      Await.until("the last", () -> sink.messages().equals(List.of("last")));
      assertEquals(1, input.statistics().lostMessages());
      Await.until("told", () -> input.statistics().lastError().contains("look like an answer"));
    }
  }

  private static long pending(NatsServer server) {
    try {
      return Nat.administer(
          server.url(), management -> management.getConsumerInfo("s", "d").getNumAckPending());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  public void closeWhileItWaitsForTheFirstServerEndsTheOpening() throws Exception {
    NatsServer.need();
    NatsTransport transport = new NatsTransport();
    Thread closer =
        new Thread(
            () -> {
              Await.until("opening", () -> Await.threadRuns("stream-nats-in-test/in"));
              transport.deactivate();
            });
    closer.start();
    long startNanos = System.nanoTime();
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThrows(
          StreamException.class,
          () ->
              transport.openInput(
                  "test",
                  new StreamDefinition(
                      "in",
                      "nats",
                      StreamDirection.IN,
                      Nat.at("nats://127.0.0.1:" + silent.getLocalPort(), "a")),
                  sink));
    }
    closer.join();
    assertTrue("soon", Await.sinceMs(startNanos) < 8_000);
  }

  @Test
  public void streamOfADomainIsReachedByALeafNode() throws Exception {
    try (NatsServer hub =
        NatsServer.with(
            "jetstream { store_dir: \"$FOLDER\", domain: hub }\n"
                + "leafnodes { listen: \"127.0.0.1:-1\" }\n")) {
      int port = leafPort(hub);
      try (NatsServer leaf =
          NatsServer.with(
              "jetstream { store_dir: \"$FOLDER\", domain: leaf }\n"
                  + "leafnodes { remotes: [{ url: \"nats-leaf://127.0.0.1:%d\" }] }\n"
                      .formatted(port))) {
        Nat.addStream(hub.url(), "s", 1);
        streams.input(sink, in(leaf.url(), "domain", "hub"));
        TransportOutput output = streams.output(outSink, out(leaf.url()));
        Nat.send(output, "m0");
        Await.until("it", () -> sink.messages().equals(List.of("m0")));
        Await.until("acknowledged", () -> pending(hub) == 0);
        assertEquals("in the hub", 1, Nat.storedMessages(hub.url(), "s"));
      }
    }
  }

  private static int leafPort(NatsServer hub) {
    String line =
        hub.log()
            .lines()
            .filter(each -> each.contains("Listening for leafnode connections on"))
            .findFirst()
            .orElseThrow();
    return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1).strip());
  }
}
