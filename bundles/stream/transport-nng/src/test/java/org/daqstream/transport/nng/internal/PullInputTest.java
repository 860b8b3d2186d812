/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.testing.Await;
import org.daqstream.testing.RecordingSink;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Byte scripts play the C pushers. */
public class PullInputTest {

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final NngTransport transport = new NngTransport();
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
    input = transport.openInput("i", Nng.in(Nng.listen("tcp://127.0.0.1:0", more)), sink);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(Nng.loopback(), input.boundPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    sockets.add(socket);
    return socket;
  }

  private Socket pusher() throws IOException {
    int before = sink.up().size();
    Socket socket = connect();
    Nng.sendHex(socket, Nng.PUSH_GREETING);
    Await.until("peer up", () -> sink.up().size() == before + 1);
    return socket;
  }

  private void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(Nng.frame(Nng.text(text).array()));
  }

  private void assertAlive() throws IOException {
    int before = sink.count();
    send(pusher(), "alive");
    Await.until("alive", () -> sink.count() == before + 1);
  }

  private static void assertClosed(Socket socket) throws IOException {
    try {
      assertEquals(-1, socket.getInputStream().read());
    } catch (IOException e) { // reset, because there was more than we read
      assertTrue(e.toString(), String.valueOf(e.getMessage()).contains("reset"));
    }
  }

  private static byte[] random(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  public void greetsAtOnce() throws Exception { // case 75
    open();
    assertEquals(Nng.PULL_GREETING, Nng.readHex(connect(), 8));
    assertEquals(List.of(), sink.up());
  }

  @Test
  public void messagesKeepTheirBorders() throws Exception { // case 76
    open();
    Socket pusher = connect();
    Nng.sendHex(pusher, Nng.PUSH_GREETING + "000000000000000568656c6c6f" + "0000000000000000");
    Await.until("two messages", () -> sink.count() == 2);
    assertEquals(List.of("hello", ""), sink.texts());
    assertEquals(2, input.statistics().messages());
    assertEquals(5, input.statistics().bytes());
    assertEquals(List.of("127.0.0.1:" + pusher.getLocalPort()), sink.addresses());
  }

  @Test
  public void byteByByteIsFine() throws Exception { // case 77
    open();
    Socket pusher = connect();
    String script = Nng.PUSH_GREETING + "000000000000000568656c6c6f";
    for (byte each : HexFormat.of().parseHex(script)) {
      pusher.getOutputStream().write(each);
    }
    Await.until("message", () -> sink.count() == 1);
    assertEquals(List.of("hello"), sink.texts());
  }

  @Test
  public void wrongGreetingsEndTheirConnection() throws Exception { // case 78
    open();
    List<String> greetings =
        List.of(
            "0054500000500000", // magic
            "0053500100500000", // version
            "0053500000500001", // reserved
            "0153500000500000", // first byte
            "0053500000100000", // pair
            "0053500000110000", // pair version 1
            "0053500000510000", // pull to pull
            "474554202f204854"); // GET / HT
    for (String greeting : greetings) {
      Socket peer = connect();
      Nng.sendHex(peer, greeting);
      assertEquals(Nng.PULL_GREETING, Nng.readHex(peer, 8));
      assertClosed(peer);
    }
    Await.until("all counted", () -> input.statistics().rejected() == greetings.size());
    assertEquals(List.of(), sink.up());
    assertAlive();
  }

  @Test
  public void halfAMessageIsNoMessage() throws Exception { // case 80
    open();
    Socket pusher = pusher();
    Nng.sendHex(pusher, "000000000000000a" + "616263");
    pusher.close();
    Await.until("peer down", () -> sink.down().size() == 1);
    assertEquals(0, sink.count());
    assertEquals(1, input.statistics().lostMessages());
    assertEquals(3, input.statistics().lostBytes());
    assertAlive();
  }

  @Test
  public void lengthsBeyondTheCapEndTheirConnection() throws Exception { // case 81
    open("maxMessageBytes", 1000L);
    for (String length :
        List.of("8000000000000000", "ffffffffffffffff", "0000010000000000", "00000000000003e9")) {
      Socket pusher = pusher();
      int downBefore = sink.down().size();
      Nng.readHex(pusher, 8);
      Nng.sendHex(pusher, length);
      assertClosed(pusher);
      Await.until("peer down", () -> sink.down().size() == downBefore + 1);
      assertTrue(sink.down().get(downBefore).contains("bytes announced, allowed are 1000"));
    }
    assertEquals(0, sink.count());
    byte[] longest = random(1000, 1);
    pusher().getOutputStream().write(Nng.frame(longest));
    Await.until("message", () -> sink.count() == 1);
    assertArrayEquals(longest, sink.messages(sink.up().get(4)).get(0));
  }

  @Test
  public void announcedLengthsCostNothing() throws Exception { // case 81, many peers
    open("maxMessageBytes", 2_000_000_000L, "maxPeers", 200L);
    for (int i = 0; i < 100; i++) { // 200 GB in all
      Nng.sendHex(pusher(), "0000000077359400" + "61");
    }
    assertAlive();
    assertEquals(List.of(), sink.down());
  }

  @Test
  public void aResetEndsOnlyItsPeer() throws Exception { // case 82
    open();
    Socket bad = pusher();
    Socket good = pusher();
    bad.setSoLinger(true, 0);
    bad.close();
    Await.until("peer down", () -> sink.down().size() == 1);
    send(good, "still here");
    Await.until("message", () -> sink.count() == 1);
    assertEquals(1, input.statistics().peers());
    assertAlive();
  }

  @Test
  public void threePushersAreToldApart() throws Exception { // case 83
    open();
    List<Socket> pushers = List.of(pusher(), pusher(), pusher());
    for (int i = 0; i < 100; i++) {
      for (Socket pusher : pushers) {
        send(pusher, pushers.indexOf(pusher) + "-" + i);
      }
    }
    Await.until("all messages", () -> sink.count() == 300);
    assertEquals(3, sink.up().stream().distinct().count());
    for (int p = 0; p < 3; p++) {
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        expected.add(p + "-" + i);
      }
      assertEquals(expected, sink.texts(sink.up().get(p)));
    }
  }

  @Test
  public void ipcFramesHaveATypeByte() throws Exception { // case 90
    Path path = folder.getRoot().toPath().resolve("s");
    input = transport.openInput("i", Nng.in(Nng.listen("ipc://" + path)), sink);
    assertEquals(-1, input.boundPort());
    try (SocketChannel pusher = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      write(pusher, Nng.PUSH_GREETING + "01000000000000000568656c6c6f");
      assertEquals(Nng.PULL_GREETING, readHex(pusher, 8));
      Await.until("message", () -> sink.count() == 1);
      assertEquals(List.of("hello"), sink.texts());
      write(pusher, "02");
      assertEquals(-1, pusher.read(ByteBuffer.allocate(1)));
      Await.until("peer down", () -> sink.down().size() == 1);
    }
    try (SocketChannel pusher = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      write(pusher, Nng.PUSH_GREETING + "01000000000000000161");
      Await.until("message", () -> sink.count() == 2);
    }
    input.close();
    assertFalse("the socket's file goes with the input", Files.exists(path));
  }

  private static void write(SocketChannel channel, String hex) throws IOException {
    channel.write(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
  }

  private static String readHex(SocketChannel channel, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
    return HexFormat.of().formatHex(bytes.array());
  }

  @Test
  public void ipcPathIsTakenOverFromTheDeadOnly() throws Exception {
    Path path = folder.getRoot().toPath().resolve("s");
    String url = "ipc://" + path;
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path)); // its file stays when it is closed
    }
    input = transport.openInput("i", Nng.in(Nng.listen(url)), sink);
    StreamException busy =
        assertThrows(
            StreamException.class, () -> transport.openInput("i", Nng.in(Nng.listen(url)), sink));
    assertEquals(StreamResult.ERROR, busy.result());
    Path file = Files.createFile(folder.getRoot().toPath().resolve("plain"));
    assertThrows(
        StreamException.class,
        () -> transport.openInput("i", Nng.in(Nng.listen("ipc://" + file)), sink));
    assertTrue(Files.exists(file));
  }

  @Test
  public void tcp6AndAnyHostWork() throws Exception {
    input = transport.openInput("i", Nng.in(Nng.listen("tcp6://[::1]:0")), sink);
    try (Socket six = new Socket(Nng.loopback6(), input.boundPort())) {
      Nng.sendHex(six, Nng.PUSH_GREETING + "0000000000000000");
      Await.until("message", () -> sink.count() == 1);
    }
    input = transport.openInput("i", Nng.in(Nng.listen("tcp://*:0")), sink);
    assertAlive();
  }

  @Test
  public void whatCannotBeBoundIsAnError() throws Exception {
    try (ServerSocket busy = Nng.server(0)) {
      assertError(Nng.url(busy.getLocalPort()));
    }
    assertError("tcp://192.0.2.1:0"); // an address of nobody
    assertError("tcp://no-such-host.invalid:0");
    assertError("tcp6://127.0.0.1:0");
    assertError("ipc:///no/such/folder/s");
    assertError("ipc:///" + "x".repeat(200));
  }

  private void assertError(String url) {
    StreamException error =
        assertThrows(
            StreamException.class, () -> transport.openInput("i", Nng.in(Nng.listen(url)), sink));
    assertEquals(StreamResult.ERROR, error.result());
    assertTrue(error.getMessage(), error.getMessage().contains(url));
  }

  @Test
  public void closeGivesFinToAllAndFreesThePort() throws Exception {
    open();
    int port = input.boundPort();
    Socket greeted = pusher();
    Nng.readHex(greeted, 8);
    Socket silent = connect();
    Nng.readHex(silent, 8);
    input.close();
    assertEquals(-1, greeted.getInputStream().read());
    assertEquals(-1, silent.getInputStream().read());
    TransportInput again = transport.openInput("i", Nng.in(Nng.listen(Nng.url(port))), sink);
    assertEquals(port, again.boundPort());
  }

  @Test
  public void messagesOfAllSizesArriveWhole() throws Exception {
    open();
    Socket pusher = pusher();
    int[] sizes = {1, 100, 4096, 5000, 65_536, 131_072, 262_144, 262_145, 1_000_000, 30_000_000, 3};
    for (int size : sizes) {
      pusher.getOutputStream().write(Nng.frame(random(size, size)));
    }
    Await.until("all messages", () -> sink.count() == sizes.length);
    List<byte[]> messages = sink.messages(sink.up().get(0));
    for (int i = 0; i < sizes.length; i++) {
      assertArrayEquals(random(sizes[i], sizes[i]), messages.get(i));
    }
  }

  @Test
  public void silentConnectionsGiveWayToNewOnes() throws Exception {
    open("maxPeers", 3L);
    Socket good = pusher();
    List<Socket> silent = List.of(connect(), connect(), connect());
    Nng.readHex(silent.get(0), 8);
    assertClosed(silent.get(0));
    pusher();
    pusher();
    assertEquals(3, input.statistics().peers());
    assertClosed(connect()); // all places are taken by greeted ones
    send(good, "x");
    Await.until("message", () -> sink.count() == 1);
  }

  @Test
  public void thousandsOfConnectsLeaveNothingBehind() throws Exception {
    open("maxPeers", 50L);
    for (int i = 0; i < 2000; i++) {
      try (Socket socket = new Socket(Nng.loopback(), input.boundPort())) {
        socket.setSoLinger(true, i % 2 == 0 ? 0 : 1);
        Nng.sendHex(socket, i % 3 == 0 ? Nng.PUSH_GREETING : "ff");
      }
    }
    Await.until("all gone", () -> input.statistics().peers() == 0);
    assertAlive();
    Await.until("one is left", () -> input.statistics().peers() == 1);
  }
}
