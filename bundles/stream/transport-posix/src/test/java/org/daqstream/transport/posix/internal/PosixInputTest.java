/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.testing.Await;
import org.daqstream.testing.RecordingSink;
import org.junit.After;
import org.junit.Test;

/** Plain sockets play the C writers. */
public class PosixInputTest {

  private final PosixTransport transport = new PosixTransport();
  private final RecordingSink sink = new RecordingSink();
  private final List<Socket> sockets = new ArrayList<>();
  private TransportInput input;

  @After
  public void close() throws IOException {
    transport.deactivate();
    for (Socket socket : sockets) {
      socket.close();
    }
    assertEquals("", sink.failure());
  }

  private void open(Object... more) throws StreamException {
    input = transport.openInput("i", Posix.in(Posix.parameters("127.0.0.1", 0, more)), sink);
  }

  private Socket connect() throws IOException {
    return connect(Posix.LOOPBACK);
  }

  private Socket connect(InetAddress address) throws IOException {
    Socket socket = new Socket(address, input.boundPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    sockets.add(socket);
    return socket;
  }

  private Socket connectKnown() throws IOException {
    int before = sink.up().size();
    Socket socket = connect();
    Await.until("peer up", () -> sink.up().size() == before + 1);
    return socket;
  }

  private void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(Posix.text(text).array());
  }

  private static byte[] random(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static boolean startThread(Runnable body) {
    Thread thread = new Thread(body, "test-writer");
    thread.setDaemon(true);
    thread.start();
    return true;
  }

  @Test
  public void ephemeralPortIsReadableBeforeTheFirstEvent() throws Exception { // case 59
    open();
    assertTrue(input.boundPort() > 0);
    assertEquals(List.of(), sink.up());
  }

  @Test
  public void chunksKeepToTheConfiguredLimit() throws Exception { // case 61
    open("chunkBytes", 8192L);
    byte[] sent = random(20_000, 1);
    Socket writer = connectKnown();
    writer.getOutputStream().write(sent);
    Await.until("all bytes", () -> sink.byteCount() == sent.length);
    assertArrayEquals(sent, sink.bytes(sink.up().get(0)));
    assertTrue(sink.sizes().stream().allMatch(size -> size <= 8192));
  }

  @Test
  public void twoPeersAreToldApart() throws Exception { // case 62
    open();
    Socket one = connectKnown();
    Socket two = connectKnown();
    for (int i = 0; i < 20; i++) {
      send(one, "a" + i % 10);
      send(two, "b" + i % 10);
    }
    Await.until("all bytes", () -> sink.byteCount() == 80);
    List<Long> ids = sink.up();
    assertNotEquals(ids.get(0), ids.get(1));
    assertArrayEquals(Posix.text("a0a1a2a3a4a5a6a7a8a9".repeat(2)).array(), sink.bytes(ids.get(0)));
    assertArrayEquals(Posix.text("b0b1b2b3b4b5b6b7b8b9".repeat(2)).array(), sink.bytes(ids.get(1)));
  }

  @Test
  public void aResetEndsOnlyItsPeer() throws Exception { // case 64
    open();
    Socket bad = connectKnown();
    Socket good = connectKnown();
    bad.setSoLinger(true, 0);
    bad.close();
    Await.until("peer down", () -> sink.down().size() == 1);
    send(good, "still here");
    Await.until("good peer's bytes", () -> sink.byteCount() == 10);
    Socket next = connectKnown();
    send(next, "new");
    Await.until("new peer's bytes", () -> sink.byteCount() == 13);
  }

  @Test
  public void twentyFiveAtOnceAreServed() throws Exception { // case 65
    open();
    for (int i = 0; i < 25; i++) {
      Socket socket = connect();
      assertTrue(startThread(() -> sendQuietly(socket)));
    }
    Await.until("all bytes", () -> sink.byteCount() == 25);
    assertEquals(25, sink.up().stream().filter(id -> sink.byteCount(id) == 1).count());
  }

  private void sendQuietly(Socket socket) {
    try {
      send(socket, "x");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  public void peersBeyondTheLimitAreRefusedAndCounted() throws Exception {
    open("maxPeers", 3L);
    for (int i = 0; i < 3; i++) {
      connectKnown();
    }
    Socket fourth = connect();
    assertEquals(-1, fourth.getInputStream().read());
    assertEquals(1, input.statistics().rejected());
    sockets.get(0).close();
    Await.until("peer down", () -> sink.down().size() == 1);
    send(connectKnown(), "x");
    Await.until("byte", () -> sink.byteCount() == 1);
  }

  @Test
  public void closeGivesFinToAllAndFreesThePort() throws Exception { // case 66
    open();
    int port = input.boundPort();
    Socket one = connectKnown();
    Socket two = connectKnown();
    send(two, "read before the close");
    input.close();
    assertEquals(-1, one.getInputStream().read());
    assertEquals(-1, two.getInputStream().read());
    TransportInput again =
        transport.openInput("i", Posix.in(Posix.parameters("127.0.0.1", port)), sink);
    assertEquals(port, again.boundPort());
  }

  @Test
  public void whatCannotBeBoundIsAnError() throws Exception { // case 67
    try (ServerSocket busy = Posix.listen(0)) {
      assertError("127.0.0.1", busy.getLocalPort(), "IPv4");
    }
    assertError("192.0.2.1", 0, "IPv4"); // an address of nobody
    assertError("no-such-host.invalid", 0, "IPv4");
    assertError("", 0, "IPv4");
    assertError("127.0.0.1", 0, "IPv6");
  }

  private void assertError(String host, int port, String domain) {
    Map<String, Object> parameters = Posix.parameters(host, port);
    parameters.put("domain", domain);
    StreamException error =
        assertThrows(
            StreamException.class, () -> transport.openInput("i", Posix.in(parameters), sink));
    assertEquals(StreamResult.ERROR, error.result());
    assertTrue(error.getMessage(), error.getMessage().contains(host + ":" + port));
  }

  @Test
  public void ipv6Works() throws Exception { // case 68
    input = transport.openInput("i", Posix.in(Posix.parameters("::1", 0)), sink);
    send(connect(Posix.LOOPBACK6), "six");
    Await.until("all bytes", () -> sink.byteCount() == 3);
  }

  @Test
  public void aFullQueueSlowsTheSenderAndLosesNothing() throws Exception { // case 69
    open();
    sink.setFull(true);
    byte[] sent = random(30_000_000, 2);
    Socket writer = connectKnown();
    AtomicBoolean written = new AtomicBoolean();
    startThread(
        () -> {
          try {
            writer.getOutputStream().write(sent);
            written.set(true);
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
    for (long pause = 1; pause <= 20; pause++) { // one chunk per resume, not more
      long pauses = pause;
      Await.until("pause " + pause, () -> input.statistics().pauses() == pauses);
      assertEquals(pause, sink.sizes().size());
      assertTrue("sender is slowed", !written.get());
      input.resume();
    }
    sink.setFull(false);
    input.resume();
    Await.until("all bytes", () -> sink.byteCount() == sent.length);
    assertArrayEquals(sent, sink.bytes(sink.up().get(0)));
    Await.until("writer done", written::get);
  }

  @Test
  public void smallChunksCostTheirSizeOnly() throws Exception { // case 70
    open();
    Socket writer = connectKnown();
    for (int i = 0; i < 3000; i++) {
      writer.getOutputStream().write(i);
    }
    Await.until("all bytes", () -> sink.byteCount() == 3000);
    assertEquals(3000, sink.copiedBytes());
  }

  @Test
  public void aFloodingPeerDoesNotStarveAnother() throws Exception { // case 71
    open("chunkBytes", 8192L);
    Socket flooding = connectKnown();
    Socket small = connectKnown();
    sink.setFull(true);
    AtomicBoolean stop = new AtomicBoolean();
    startThread(() -> flood(flooding, stop));
    Await.until("pause", () -> input.statistics().pauses() == 1);
    send(small, "hi");
    sink.setFull(false);
    input.resume();
    Await.until("small bytes", () -> sink.byteCount(sink.up().get(1)) == 2);
    stop.set(true);
    int before = sink.sizes().indexOf(2);
    assertTrue("chunks of the flood before it: " + before, before <= 3);
  }

  private static void flood(Socket socket, AtomicBoolean stop) {
    byte[] rubbish = new byte[64 * 1024];
    try {
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < 1000 && !stop.get(); i++) {
        out.write(rubbish);
      }
    } catch (IOException e) {
      stop.set(true); // the test is over
    }
  }

  @Test
  public void anOldWriterThatWaitsForOurCloseIsLetGo() throws Exception { // case 72
    open();
    long bestMs = Long.MAX_VALUE;
    for (int i = 1; i <= 5; i++) { // the best of five: the machine may be busy with something else
      Socket writer = connectKnown();
      send(writer, "last words");
      long startNanos = System.nanoTime();
      writer.shutdownOutput(); // v1.42: half-close, then read one byte
      assertEquals(-1, writer.getInputStream().read());
      bestMs = Math.min(bestMs, Await.sinceMs(startNanos));
      assertEquals(10L * i, sink.byteCount());
    }
    assertTrue("let go after " + bestMs + " ms", bestMs < 100);
  }

  @Test
  public void silentPeersDoNoHarm() throws Exception { // case 73
    open();
    connectKnown();
    connectKnown().shutdownOutput();
    Await.until("half-closed peer gone", () -> sink.down().size() == 1);
    send(connectKnown(), "x");
    Await.until("byte", () -> sink.byteCount() == 1);
    assertEquals(List.of(1), sink.sizes());
  }

  @Test
  public void closeUnderLoadReturnsSoon() throws Exception { // case 22 with sockets
    for (int i = 0; i < 50; i++) {
      RecordingSink flooded = new RecordingSink();
      flooded.setFull(i % 2 == 0); // paused every other time
      input = transport.openInput("i", Posix.in(Posix.parameters("127.0.0.1", 0)), flooded);
      Socket writer = connect();
      AtomicBoolean stop = new AtomicBoolean();
      startThread(() -> flood(writer, stop));
      Await.until("flood", () -> flooded.byteCount() > 0);
      long startNanos = System.nanoTime();
      input.close();
      assertTrue(Await.sinceMs(startNanos) < 1000);
      stop.set(true);
      writer.close();
    }
  }

  @Test
  public void aThousandConnectsLeaveNothingBehind() throws Exception {
    open();
    for (int i = 0; i < 1000; i++) {
      try (Socket socket = new Socket(Posix.LOOPBACK, input.boundPort())) {
        socket.setSoLinger(true, i % 2 == 0 ? 0 : 1);
        socket.getOutputStream().write(Arrays.copyOf(new byte[] {1}, 1));
      }
    }
    Await.until("all gone", () -> input.statistics().peers() == 0 && sink.down().size() > 0);
    send(connectKnown(), "alive");
    Await.until("alive", () -> sink.byteCount(sink.up().get(sink.up().size() - 1)) == 5);
  }
}
