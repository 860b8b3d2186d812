/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.RecordingSink;
import org.junit.After;
import org.junit.Test;

public class PosixFramedTest {

  private static final long FLUSH_MS = 20_000;

  private final PosixFramedTransport transport = new PosixFramedTransport();
  private final RecordingSink sink = new RecordingSink();
  private final RecordingSink outSink = new RecordingSink();
  private final List<Socket> sockets = new ArrayList<>();
  private ServerSocket server;
  private TransportInput input;

  @After
  public void close() throws IOException {
    transport.deactivate();
    for (Socket socket : sockets) {
      socket.close();
    }
    if (server != null) {
      server.close();
    }
    assertEquals("", sink.failure());
    assertEquals("", outSink.failure());
  }

  private void listen(String host, Object... more) throws StreamException {
    input = transport.openInput("i", Posix.in(Posix.parameters(host, 0, more)), sink);
  }

  private TransportOutput dial(String host, int port, Object... more) throws StreamException {
    return transport.openOutput("i", Posix.out(Posix.parameters(host, port, more)), outSink);
  }

  private Socket connect() throws IOException {
    int before = sink.up().size();
    Socket socket = new Socket(Posix.LOOPBACK, input.boundPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    sockets.add(socket);
    Await.until("peer up", () -> sink.up().size() == before + 1);
    return socket;
  }

  private static byte[] frame(int length, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(4 + bytes.length).putInt(length).put(bytes).array();
  }

  private void assertAlive() throws IOException {
    Socket good = connect();
    good.getOutputStream().write(frame(5, "alive"));
    long id = sink.up().get(sink.up().size() - 1);
    Await.until("alive", () -> sink.byteCount(id) == 5);
  }

  private void roundTrip(String host) throws StreamException {
    listen(host);
    TransportOutput output = dial(host, input.boundPort());
    List<Integer> sizes = new ArrayList<>();
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    Random random = new Random(3);
    for (int size : new int[] {0, 1, 3_000_000, 0, 65_532, 65_536, 65_537, 7}) {
      byte[] message = new byte[size];
      random.nextBytes(message);
      sent.writeBytes(message);
      sizes.add(size);
      assertEquals(StreamResult.OK, output.offer(ByteBuffer.wrap(message)));
    }
    assertEquals(new CloseResult(StreamResult.OK, 0, 0), output.close(FLUSH_MS));
    Await.until("peer down", () -> sink.down().size() == 1);
    assertEquals(sizes, sink.sizes());
    assertArrayEquals(sent.toByteArray(), sink.bytes(sink.up().get(0)));
    assertEquals(List.of("closed by peer"), sink.down());
    assertEquals(sizes.size(), output.statistics().messages());
    assertEquals(sent.size(), output.statistics().bytes());
    assertEquals(sizes.size(), input.statistics().messages());
    assertEquals(sent.size(), input.statistics().bytes());
  }

  @Test
  public void messagesKeepTheirBordersOnIpv6() throws Exception {
    roundTrip("::1");
  }

  @Test
  public void theLengthGoesInFront() throws Exception {
    server = Posix.listen(0);
    TransportOutput output = dial("127.0.0.1", server.getLocalPort());
    sockets.add(server.accept());
    output.offer(Posix.text("abc"));
    output.offer(ByteBuffer.allocate(0));
    output.close(FLUSH_MS);
    assertArrayEquals(
        new byte[] {0, 0, 0, 3, 'a', 'b', 'c', 0, 0, 0, 0},
        sockets.get(0).getInputStream().readAllBytes());
  }

  @Test
  public void bytesMayComeOneByOne() throws Exception {
    listen("127.0.0.1");
    Socket writer = connect();
    for (byte part : frame(11, "one by one!")) {
      writer.getOutputStream().write(part);
    }
    Await.until("message", () -> sink.byteCount() == 11);
    assertEquals(List.of(11), sink.sizes());
  }

  @Test
  public void hostileLengthsEndTheirPeerOnly() throws Exception {
    listen("127.0.0.1", "maxMessageBytes", 1000L);
    Socket good = connect();
    good.getOutputStream().write(frame(5, "be"));
    for (int length : new int[] {Integer.MIN_VALUE, -1, Integer.MAX_VALUE, 1001, 0x47455420}) {
      int downBefore = sink.down().size();
      Socket bad = connect();
      bad.getOutputStream().write(frame(length, "/ HTTP/1.1"));
      Await.until("peer down", () -> sink.down().size() == downBefore + 1);
      String cause = "message of " + Integer.toUnsignedString(length) + " bytes announced";
      assertTrue(sink.down().get(downBefore).contains(cause));
      assertTrue(input.statistics().lastError().contains(cause));
    }
    good.getOutputStream().write(Posix.text("gun").array());
    Await.until("good peer's message", () -> sink.byteCount() == 5);
    assertEquals(List.of(5), sink.sizes());
    assertEquals(1, input.statistics().peers());
  }

  @Test
  public void halfMessagesAreCountedAsLost() throws Exception {
    listen("127.0.0.1");
    Socket inLength = connect();
    inLength.getOutputStream().write(new byte[] {0, 0});
    inLength.close();
    Await.until("peer down", () -> sink.down().size() == 1);
    Socket inBody = connect();
    inBody.getOutputStream().write(frame(10, "half"));
    inBody.close();
    Await.until("peer down", () -> sink.down().size() == 2);
    assertEquals("closed by peer within a message", sink.down().get(1));
    assertEquals(0, sink.byteCount());
    assertEquals(2, input.statistics().lostMessages());
    assertEquals(4, input.statistics().lostBytes());
    assertAlive();
  }

  @Test
  public void incompleteMessagesOfAllPeersAreBounded() throws Exception {
    listen("127.0.0.1", "maxMessageBytes", 1_000_000L, "partialBytes", 1L);
    for (int i = 0; i < 30; i++) { // 65536 bytes are held for each; the limit is one message
      connect().getOutputStream().write(frame(1_000_000, "begun"));
    }
    Await.until("some let go", () -> sink.down().size() == 15);
    assertTrue(input.statistics().lastError().contains("more than 1000000 bytes"));
    assertEquals(15, input.statistics().peers());
    assertAlive();
  }

  @Test
  public void garbageDoesNoHarm() throws Exception {
    listen("127.0.0.1", "maxMessageBytes", 100_000L);
    Random random = new Random(11);
    for (int i = 0; i < 50; i++) {
      byte[] garbage = new byte[random.nextInt(5000)];
      random.nextBytes(garbage);
      Socket bad = connect();
      try {
        bad.getOutputStream().write(garbage);
      } catch (IOException e) {
        assertTrue("ended meanwhile", garbage.length > 0);
      }
      bad.close();
    }
    Await.until("all gone", () -> sink.down().size() == 50);
    assertAlive();
  }

  @Test
  public void aNewConnectionStartsWithALength() throws Exception {
    server = Posix.listen(0);
    TransportOutput output = dial("127.0.0.1", server.getLocalPort());
    Socket first = server.accept();
    output.offer(ByteBuffer.allocate(8_000_000));
    output.offer(Posix.text("next"));
    assertEquals(8_000_000, new DataInputStream(first.getInputStream()).readInt());
    first.close(); // unread bytes: a reset inside the message
    Socket second = server.accept();
    sockets.add(second);
    second.setSoTimeout(20_000);
    assertArrayEquals(frame(4, "next"), second.getInputStream().readNBytes(8));
    assertEquals(1, output.statistics().lostMessages());
  }
}
