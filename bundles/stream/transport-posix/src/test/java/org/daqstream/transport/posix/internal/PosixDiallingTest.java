/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.socket.support.Addresses;
import org.daqstream.socket.support.DiallingOutput;
import org.daqstream.socket.support.PlainLink;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Peers that are not there, go, talk or cannot be found: the output dials again and goes on. */
public class PosixDiallingTest extends PosixOutputBench {
  @Test
  public void waitsForAnAbsentPeer() throws Exception { // case 46
    int port = Posix.freePort();
    TransportOutput output = open(port, "backoffMaxMs", 100L); // the default is a second
    for (int i = 0; i < 5; i++) {
      assertEquals(StreamResult.OK, output.offer(Posix.text("m" + i)));
    }
    Await.until("back-off at its longest", () -> attempts.get() >= 5);
    server = Posix.listen(port);
    long startNanos = System.nanoTime();
    Socket reader = accept();
    assertTrue(Await.sinceMs(startNanos) + " ms", Await.sinceMs(startNanos) <= 600);
    assertEquals("m0m1m2m3m4", read(reader, 10));
  }

  /** Linux does that to who dials a free local port again and again, from another one each time. */
  @Test
  public void aConnectionToItselfIsNoPeer() throws Exception {
    try (SocketChannel itself = SocketChannel.open()) {
      itself.bind(new InetSocketAddress(Posix.LOOPBACK, 0));
      itself.connect(itself.getLocalAddress());
      assertTrue(itself.isConnected());
      IOException refusal = assertThrows(IOException.class, () -> Addresses.refuseItself(itself));
      assertTrue(refusal.getMessage(), refusal.getMessage().contains("nobody listens"));
    }
    server = Posix.listen(0);
    try (SocketChannel other = SocketChannel.open(server.getLocalSocketAddress())) {
      Addresses.refuseItself(other);
    }
  }

  @Test
  public void reconnectsAfterFinWithoutLossOrDuplicate() throws Exception { // case 51
    TransportOutput output = openToServer();
    Socket first = accept();
    output.offer(Posix.text("0"));
    assertEquals("0", read(first, 1));
    first.close();
    Await.until("peer down", () -> sink.down().size() == 1);
    for (int i = 1; i < 10; i++) { // C loses 1 and 2
      output.offer(Posix.text(Integer.toString(i)));
    }
    assertEquals("123456789", read(accept(), 9));
    assertEquals(2, sink.up().size());
  }

  @Test
  public void aCutMessageIsNotResumed() throws Exception { // case 52
    TransportOutput output = openToServer();
    Socket first = accept();
    output.offer(Posix.text("0"));
    ByteBuffer large = ByteBuffer.allocate(8_000_000);
    output.offer(large);
    output.offer(Posix.text("next"));
    assertEquals(1000, read(first, 1000).length());
    first.close(); // unread bytes: a reset inside the message
    assertEquals("next", read(accept(), 4));
    Await.until("both others sent", () -> output.statistics().messages() == 2);
    assertEquals(1, output.statistics().lostMessages());
  }

  @Test
  public void aPeerThatTalksGetsFinNotReset() throws Exception { // case 53
    TransportOutput output = openToServer();
    Socket reader = accept();
    reader.getOutputStream().write(new byte[100_000]);
    output.offer(ByteBuffer.allocate(3_000_000));
    reader.getOutputStream().write(new byte[1000]);
    Thread closing = new Thread(() -> output.close(FLUSH_MS), "test-close");
    closing.start();
    assertEquals(3_000_000, reader.getInputStream().readAllBytes().length);
    closing.join(FLUSH_MS);
    assertEquals(3_000_000, output.statistics().bytes());
  }

  @Test
  public void aPeerMayTalkOnAfterFin() throws Exception { // case 53
    boolean taken = false;
    for (int i = 0; i < 5 && !taken; i++) { // the machine may be busy with something else
      TransportOutput output = openToServer();
      Socket reader = accept();
      OutputStream words = reader.getOutputStream();
      words.write(1);
      output.offer(Posix.text("x"));
      assertEquals("x", read(reader, 1));
      Thread closing = new Thread(() -> output.close(FLUSH_MS), "test-close");
      closing.start();
      assertEquals(-1, reader.getInputStream().read());
      taken = isTaken(words);
      server.close();
    }
    assertTrue("not reset at once", taken);
  }

  /** A reset comes after the first write, if at all, and makes the second one fail. */
  private static boolean isTaken(OutputStream words) {
    try {
      words.write(new byte[1000]);
      Await.until("end of the output", () -> streamThreads() == 0);
      words.write(new byte[1000]);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  public void aPeerThatNeverStopsTalkingHoldsNothingUp() throws Exception {
    server = Posix.listen(0);
    DiallingOutput output = output((socket, endpoint) -> new TalkativeLink(socket), sink);
    output.start();
    output.offer(Posix.text("heard"));
    assertEquals("heard", read(accept(), 5));
    assertEquals(NOTHING_LOST, output.close(FLUSH_MS));
    Await.until("end of the output", () -> streamThreads() == 0);
  }

  /** There is always more to read. */
  private static final class TalkativeLink extends PlainLink {
    TalkativeLink(SocketChannel socket) {
      super(socket);
    }

    @Override
    public int read(ByteBuffer into) {
      int count = into.remaining();
      into.position(into.limit());
      return count;
    }
  }

  @Test
  public void anUnknownHostIsTriedAgain() throws Exception { // case 54
    AtomicInteger failures = new AtomicInteger(3);
    PosixTransport late =
        new PosixTransport(
            host -> {
              if (failures.getAndDecrement() > 0) {
                throw new UnknownHostException(host);
              }
              return new InetAddress[] {Posix.LOOPBACK};
            });
    server = Posix.listen(0);
    TransportOutput output =
        late.openOutput(
            "i", Posix.out(Posix.parameters("host.invalid", server.getLocalPort())), sink);
    output.offer(Posix.text("there"));
    assertEquals("there", read(accept(), 5));
    late.deactivate();
  }

  @Test
  public void aNameServiceThatHangsHoldsNothingUp() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    PosixTransport asking =
        new PosixTransport(
            host -> {
              Await.until("answer", () -> answer.getCount() == 0);
              return new InetAddress[] {Posix.LOOPBACK};
            });
    TransportOutput output = asking.openOutput("i", Posix.out(Posix.parameters("slow", 1)), sink);
    output.offer(Posix.text("lost"));
    assertEquals(new CloseResult(StreamResult.TIMEDOUT, 1, 4), output.close(0));
    Await.until("end of the output", () -> streamThreads() == 0);
    answer.countDown();
    asking.deactivate();
  }

  @Test
  public void attemptsDoNotGrowWithWrites() throws Exception { // case 56, the rest in BackoffTest
    TransportOutput output = open(Posix.freePort());
    Await.until("back-off grown", () -> attempts.get() >= 5);
    int before = attempts.get();
    for (int i = 0; i < 500; i++) {
      output.offer(Posix.text("x"));
    }
    assertTrue(attempts.get() - before <= 1);
    assertTrue(output.statistics().lastError().contains("127.0.0.1"));
  }
}
