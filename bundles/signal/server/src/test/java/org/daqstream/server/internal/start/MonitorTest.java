/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.InetSocketAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Dialogue;
import org.daqstream.server.internal.Peer;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What operating tools are told of a running server. */
public class MonitorTest {
  private TestServer server;
  private Monitor monitor;
  private SignalTap signal;

  @Before
  public void startServer() throws Exception {
    server = new TestServer();
    monitor = server.instance.monitor("bench", List.of("ws://127.0.0.1/"));
    TableTap table = server.table("time");
    signal = TestServer.signal(table, "v");
  }

  @After
  public void stopServer() {
    server.close();
  }

  private void write(int blocks) {
    for (int i = 0; i < blocks; i++) {
      assertEquals(
          WriteResult.ACCEPTED,
          signal.accept(i * 2L, i * 2L * TestServer.DELTA, null, new double[] {i, i}, 0, 2));
    }
  }

  @Test
  public void clientIsToldWithWhatItSubscribedAndGot() throws Exception {
    try (Peer peer = Peer.connect(server.port(), "User-Agent: scope/1")) {
      peer.command(server.port(), "subscribe", "v");
      write(10);
      Await.until("data sent", () -> monitor.clients().get(0).deliveredPackets() >= 10);
      ClientStatus client = monitor.clients().get(0);
      assertEquals(1, monitor.clients().size());
      assertEquals("client-1", client.name());
      assertFalse("a secret", client.toString().contains(peer.sessionId));
      assertEquals(peer.socket.getLocalPort(), client.address().getPort());
      assertEquals("scope/1", client.userAgent());
      assertEquals(List.of("time", "v"), client.signalIds());
      assertEquals(0, client.lagPercent());
      assertEquals(0, client.pendingBytes());
      assertTrue(client.toString(), client.sentBytes() > 10 * 2 * Double.BYTES);
    }
  }

  @Test
  public void trafficOfEachSignalIsCounted() throws Exception {
    try (Peer peer = Peer.connect(server.port())) {
      peer.command(server.port(), "subscribe", "v");
      write(10);
      assertEquals(
          List.of(
              new SignalTraffic("time", 1, 0, 20, 1, 16), // its line, once
              new SignalTraffic("v", 2, 1, 20, 10, 10 * 2 * Double.BYTES)),
          monitor.signals());
    }
  }

  @Test
  public void sumsOutliveTheClients() throws Exception {
    try (Peer peer = Peer.connect(server.port())) {
      peer.command(server.port(), "subscribe", "v");
      write(10);
      Await.until("data sent", () -> monitor.status().deliveredPackets() >= 10);
    }
    Await.until("client gone", () -> monitor.status().clients() == 0);
    ServerStatus status = monitor.status();
    assertTrue(status.toString(), status.deliveredPackets() >= 10);
    assertTrue(status.toString(), status.sentBytes() > 10 * 2 * Double.BYTES);
    assertEquals(1L, (long) status.events().get(ServerEvent.CONNECTED));
    assertEquals(0L, (long) status.events().get(ServerEvent.TOO_SLOW));
  }

  @Test
  public void someBlocksAreTimed() throws Exception {
    try (Peer peer = Peer.connect(server.port())) {
      peer.command(server.port(), "subscribe", "v");
      write(10 * ServerStatus.PublishCost.SAMPLED_OF);
      ServerStatus status = monitor.status();
      assertEquals(
          10, status.publishCosts().stream().mapToLong(ServerStatus.PublishCost::count).sum());
      assertTrue(
          status.toString(),
          status.publishNanos()
              <= status.publishCosts().stream()
                  .mapToLong(step -> step.count() * step.limitNanos())
                  .sum());
      assertTrue(status.toString(), status.publishNanos() > 0);
    }
  }

  @Test
  public void operatorDisconnectsAClientWithAReason() throws Exception {
    try (Peer peer = Peer.connect(server.port());
        Peer other = Peer.connect(server.port())) {
      assertFalse(monitor.disconnect("nobody", "maintenance"));
      assertFalse(monitor.disconnect(peer.sessionId, "maintenance"));
      assertTrue(monitor.disconnect("client-1", "maintenance\r\n"));
      assertFalse("already closing", monitor.disconnect("client-1", "again"));
      assertEquals("maintenance\ufffd\ufffd", reasonOf(peer.readFrame()));
      assertEquals("client-2", lastClient());
      Dialogue.expectNothing(other);
    }
  }

  @Test
  public void aReasonThatIsTooLongForACloseFrameIsCutBetweenCharacters() throws Exception {
    List<String> reasons =
        List.of(
            "\ufffd".repeat(100),
            "a" + "\ufffd".repeat(100),
            "ab" + "\u20ac".repeat(100),
            "abc" + "\ud83d\ude00".repeat(100),
            "a\ud83d\ude00".repeat(100));
    for (String reason : reasons) {
      try (Peer peer = Peer.connect(server.port())) {
        assertTrue(monitor.disconnect(lastClient(), reason));
        String told = reasonOf(peer.readFrame());
        assertTrue(told, reason.startsWith(told));
        assertTrue(told, told.getBytes(StandardCharsets.UTF_8).length > 123 - 4);
      }
    }
  }

  private String lastClient() {
    List<ClientStatus> clients = monitor.clients();
    return clients.get(clients.size() - 1).name();
  }

  /** Throws if it is no UTF-8; a control frame has at most 125 bytes, the code among them. */
  private static String reasonOf(Peer.Frame close) throws CharacterCodingException {
    assertEquals(8, close.opcode());
    assertEquals(1008, close.closeCode());
    assertTrue("bytes: " + close.payload().remaining(), close.payload().remaining() <= 125);
    return StandardCharsets.UTF_8.newDecoder().decode(close.payload().position(2)).toString();
  }

  @Test
  public void aClientThatIsBeingDisconnectedHasNoLagAnyMore() throws Exception {
    // With a small send buffer the close frame stays in the server.
    try (TestServer patient = new TestServer("closeTimeoutMs", 60_000, "sendBufferBytes", 4_096);
        Peer slow = Peer.connect(patient.port())) { // and never reads
      Monitor asked = patient.instance.monitor("patient", List.of());
      SignalTap v = TestServer.signal(patient.table("time"), "v");
      slow.command(patient.port(), "subscribe", "v");
      double[] block = new double[10_000];
      long row = 0;
      while (asked.status().events().get(ServerEvent.TOO_SLOW) == 0) {
        v.accept(row, row * TestServer.DELTA, null, block, 0, block.length);
        row += block.length;
      }
      ClientStatus leaving = asked.clients().get(0);
      assertEquals("client-1", leaving.name());
      assertEquals(0, leaving.lagPercent());
      assertEquals(0, asked.status().lagPercent());
    }
  }

  @Test
  public void subscriptionsAreToldAsTheyAreNow() throws Exception {
    try (Peer peer = Peer.connect(server.port())) {
      assertEquals(List.of(), monitor.clients().get(0).signalIds());
      peer.command(server.port(), "subscribe", "v");
      List<String> ids = monitor.clients().get(0).signalIds();
      assertEquals(List.of("time", "v"), ids);
      assertSame("not made for each question", ids, monitor.clients().get(0).signalIds());
      peer.command(server.port(), "unsubscribe", "v");
      assertEquals(List.of(), monitor.clients().get(0).signalIds());
    }
  }

  @Test
  public void addressesAreWrittenAsPeopleDo() throws Exception {
    assertEquals("192.0.2.7:1", ClientStatus.hostAndPort(new InetSocketAddress("192.0.2.7", 1)));
    assertEquals(
        "[2001:db8:0:0:0:0:0:1]:2",
        ClientStatus.hostAndPort(new InetSocketAddress("2001:db8::1", 2)));
    assertEquals("[::]:3", ClientStatus.hostAndPort(InetSocketAddress.createUnresolved("::", 3)));
  }

  @Test
  public void stoppedServerSaysSoAtOnce() throws Exception {
    server.close();
    long startNanos = System.nanoTime();
    String message = assertThrows(IllegalStateException.class, () -> monitor.status()).getMessage();
    assertEquals("server bench has stopped", message);
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    assertTrue(tookMs + " ms", tookMs < ServerMonitor.ANSWER_TIMEOUT_MS);
  }
}
