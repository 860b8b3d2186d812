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

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.RecordingSink;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Byte scripts play the C pullers. */
public class PushOutputTest {

  private static final CloseResult NOTHING_LOST = new CloseResult(StreamResult.OK, 0, 0);
  private static final long FLUSH_MS = 20_000;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final NngTransport transport = new NngTransport();
  private final RecordingSink sink = new RecordingSink();
  private final List<Socket> sockets = new ArrayList<>();
  private final List<ServerSocket> servers = new ArrayList<>();
  private ServerSocket server;

  @After
  public void close() throws IOException {
    transport.deactivate();
    for (Socket socket : sockets) {
      socket.close();
    }
    for (ServerSocket each : servers) {
      each.close();
    }
    assertEquals("", sink.failure());
  }

  private ServerSocket listen(int port) throws IOException {
    server = Nng.server(port);
    servers.add(server);
    return server;
  }

  private TransportOutput open(String url, Object... more) throws StreamException {
    return transport.openOutput("i", Nng.out(Nng.dial(url, more)), sink);
  }

  private TransportOutput openLazy(int port, Object... more) throws StreamException {
    List<Object> options = new ArrayList<>(List.of("lazy", true));
    options.addAll(Arrays.asList(more));
    return open(Nng.url(port), options.toArray());
  }

  private TransportOutput openLazyToServer(Object... more) throws Exception {
    return openLazy(listen(0).getLocalPort(), more);
  }

  private Socket accept() throws IOException {
    Socket socket = server.accept();
    socket.setSoTimeout(20_000);
    sockets.add(socket);
    return socket;
  }

  /** A connection with the greetings exchanged. */
  private Socket puller() throws IOException {
    int before = sink.up().size();
    Socket socket = accept();
    assertEquals(Nng.PUSH_GREETING, Nng.readHex(socket, 8));
    Nng.sendHex(socket, Nng.PULL_GREETING);
    Await.until("peer up", () -> sink.up().size() == before + 1);
    return socket;
  }

  private static byte[] readMessage(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] payload = new byte[Math.toIntExact(in.readLong())];
    in.readFully(payload);
    return payload;
  }

  private static String readText(Socket socket) throws IOException {
    return new String(readMessage(socket), StandardCharsets.US_ASCII);
  }

  private static void offer(TransportOutput output, String text) {
    assertEquals(StreamResult.OK, output.offer(Nng.text(text)));
  }

  private static byte[] random(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  public void sendsNothingBeforeThePullersGreeting() throws Exception { // case 74
    TransportOutput output = openLazyToServer();
    Socket puller = accept();
    assertEquals(Nng.PUSH_GREETING, Nng.readHex(puller, 8));
    offer(output, "hello");
    puller.setSoTimeout(200);
    assertThrows(SocketTimeoutException.class, () -> puller.getInputStream().read());
    Nng.sendHex(puller, Nng.PULL_GREETING);
    puller.setSoTimeout(20_000);
    assertEquals("000000000000000568656c6c6f", Nng.readHex(puller, 13));
  }

  @Test
  public void framesHaveALengthInFront() throws Exception { // case 76
    TransportOutput output = openLazyToServer();
    Socket puller = puller();
    offer(output, "msg-000000\n");
    offer(output, "");
    offer(output, "msg-000001\n");
    assertEquals(NOTHING_LOST, output.close(FLUSH_MS));
    assertEquals(
        "000000000000000b6d73672d3030303030300a"
            + "0000000000000000"
            + "000000000000000b6d73672d3030303030310a",
        Nng.readHex(puller, 19 + 8 + 19));
    assertEquals(-1, puller.getInputStream().read());
    assertEquals(3, output.statistics().messages());
    assertEquals(22, output.statistics().bytes());
  }

  @Test
  public void nobodyListensAtOpen() throws Exception { // case 84
    int port = Nng.freePort();
    StreamException refusal = assertThrows(StreamException.class, () -> open(Nng.url(port)));
    assertEquals(StreamResult.ERROR, refusal.result());
    assertTrue(refusal.getMessage(), refusal.getMessage().contains(Nng.url(port)));
    TransportOutput lazy = openLazy(port);
    offer(lazy, "early");
    listen(port);
    assertEquals("early", readText(puller()));
  }

  @Test
  public void openWaitsForTheGreeting() throws Exception {
    listen(0);
    CompletableFuture<String> greeted =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Nng.readHex(puller(), 8);
              } catch (IOException e) {
                return e.toString();
              }
            });
    TransportOutput output = open(Nng.url(server.getLocalPort()));
    assertEquals(1, output.statistics().peers());
    output.offer(ByteBuffer.allocate(0));
    assertEquals("0000000000000000", greeted.get(20, TimeUnit.SECONDS));
  }

  @Test
  public void openFailsWhenTheOtherSideIsNoSpPeerOrSilent() throws Exception {
    Map<String, String> problems =
        Map.of("474554202f204854", "no SP greeting", "00", "no handshake within 300 ms");
    for (String greeting : problems.keySet()) {
      listen(0);
      CompletableFuture<Void> peer =
          CompletableFuture.runAsync(
              () -> {
                try {
                  Nng.sendHex(accept(), greeting);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      StreamException refusal =
          assertThrows(
              StreamException.class,
              () -> open(Nng.url(server.getLocalPort()), "handshakeTimeoutMs", 300L));
      assertEquals(StreamResult.ERROR, refusal.result());
      assertTrue(refusal.getMessage(), refusal.getMessage().contains(problems.get(greeting)));
      peer.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  public void aPeerThatIsNoPullerIsReachedButNotUsed() throws Exception {
    listen(0);
    CompletableFuture<Integer> peer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                Socket pair = accept();
                Nng.readHex(pair, 8);
                Nng.sendHex(pair, "0053500000100000");
                return pair.getInputStream().read();
              } catch (IOException e) {
                return -2;
              }
            });
    TransportOutput output = open(Nng.url(server.getLocalPort()));
    assertEquals(-1, (int) peer.get(20, TimeUnit.SECONDS));
    assertEquals(List.of(), sink.up());
    assertTrue(output.statistics().lastError().contains("0x10"));
    offer(output, "waits");
    assertEquals("waits", readText(puller())); // redialled
  }

  @Test
  public void unknownHostAtOpenIsAnErrorUnlessLazy() throws Exception {
    assertEquals(
        StreamResult.ERROR,
        assertThrows(StreamException.class, () -> open("tcp://no-such-host.invalid:1")).result());
    AtomicInteger asked = new AtomicInteger();
    NngTransport resolving =
        new NngTransport(
            host -> {
              if (asked.incrementAndGet() < 3) {
                throw new UnknownHostException(host);
              }
              return new InetAddress[] {Nng.loopback()};
            });
    listen(0);
    String url = "tcp://later:" + server.getLocalPort();
    TransportOutput output = resolving.openOutput("i", Nng.out(Nng.dial(url, "lazy", true)), sink);
    offer(output, "found");
    assertEquals("found", readText(puller()));
    assertEquals(3, asked.get());
    resolving.deactivate();
  }

  @Test
  public void openWaitsForTheSlowestOfSeveral() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    NngTransport resolving =
        new NngTransport(
            host -> {
              refused.addAndGet(host.equals("absent") ? 1 : 0);
              return new InetAddress[] {Nng.loopback()};
            });
    listen(0);
    CompletableFuture<String> slow =
        CompletableFuture.supplyAsync(
            () -> {
              Await.until("other address tried again", () -> refused.get() >= 4);
              try {
                return readText(puller());
              } catch (IOException e) {
                return e.toString();
              }
            });
    String urls = "tcp://absent:" + Nng.freePort() + "," + Nng.url(server.getLocalPort());
    TransportOutput output = resolving.openOutput("i", Nng.out(Nng.dial(urls)), sink);
    offer(output, "there");
    assertEquals("there", slow.get(20, TimeUnit.SECONDS));
    resolving.deactivate();
  }

  @Test
  public void aNameServiceThatHangsIsAskedOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch answer = new CountDownLatch(1);
    NngTransport resolving =
        new NngTransport(
            host -> {
              if (host.equals("slow")) {
                asked.incrementAndGet();
                Await.until("answer", () -> answer.getCount() == 0);
              }
              return new InetAddress[] {Nng.loopback()};
            });
    String slow = "tcp://slow:" + listen(0).getLocalPort();
    String other = Nng.url(listen(0).getLocalPort());
    Map<String, Object> parameters =
        Nng.dial(slow + "," + other, "lazy", true, "connectTimeoutMs", 20L, "backoffMaxMs", 50L);
    TransportOutput output = resolving.openOutput("i", Nng.out(parameters), sink);
    for (int i = 0; i < 8; i++) { // about as many attempts with the slow one
      accept().close();
    }
    assertEquals(1, asked.get());
    answer.countDown();
    server = servers.get(0);
    offer(output, "there");
    assertEquals("there", readText(puller()));
    resolving.deactivate();
  }

  @Test
  public void redialsWithinASecond() throws Exception { // case 86
    TransportOutput output = openLazyToServer();
    int port = server.getLocalPort();
    for (int i = 0; i < 3; i++) { // gone and back at once
      puller().close();
      int gone = i + 1;
      Await.until("peer down", () -> sink.down().size() == gone);
    }
    server.close();
    offer(output, "after");
    Await.until("refused", () -> output.statistics().lastError().contains("refused"));
    listen(port);
    long startNanos = System.nanoTime();
    Socket back = puller();
    long tookMs = Await.sinceMs(startNanos);
    assertTrue(tookMs + " ms", tookMs <= 1100);
    assertEquals("after", readText(back));
    assertEquals(4, output.statistics().connects());
    assertEquals(3, output.statistics().disconnects());
  }

  @Test
  public void withoutAPeerWritesAreQueuedOrRefusedAtOnce() throws Exception { // case 87
    int port = Nng.freePort();
    TransportOutput output = openLazy(port);
    long startNanos = System.nanoTime();
    int accepted = 0;
    for (int i = 0; i < 1100; i++) {
      StreamResult result = output.offer(Nng.text("msg-" + i));
      assertEquals(i < 1001 ? StreamResult.OK : StreamResult.ERROR, result);
      accepted += result == StreamResult.OK ? 1 : 0;
    }
    assertTrue(Await.sinceMs(startNanos) < 1000);
    assertEquals(1001, output.statistics().queuedMessages());
    assertEquals(99, output.statistics().rejected());
    listen(port);
    Socket puller = puller();
    for (int i = 0; i < accepted; i++) {
      assertEquals("msg-" + i, readText(puller));
    }
    assertEquals(NOTHING_LOST, output.close(FLUSH_MS));
  }

  @Test
  public void bytesAreBoundedToo() throws Exception {
    TransportOutput output = openLazy(Nng.freePort(), "queueBytes", 1000L);
    assertEquals(StreamResult.TOOBIG, output.offer(ByteBuffer.allocate(1001)));
    assertEquals(StreamResult.OK, output.offer(ByteBuffer.allocate(600)));
    assertEquals(StreamResult.ERROR, output.offer(ByteBuffer.allocate(401)));
    assertEquals(StreamResult.OK, output.offer(ByteBuffer.allocate(400)));
    assertEquals(1000, output.statistics().queuedBytes());
    assertEquals(2, output.statistics().rejected());
    assertEquals(new CloseResult(StreamResult.TIMEDOUT, 2, 1000), output.close(50));
    assertEquals(new CloseResult(StreamResult.TIMEDOUT, 2, 1000), output.close(50));
    assertEquals(StreamResult.ERROR, output.offer(ByteBuffer.allocate(1)));
  }

  @Test
  public void aPullerThatNeverReadsNeverBlocksTheWriter() throws Exception {
    TransportOutput output = openLazyToServer("queueBytes", 5_000_000L);
    Socket puller = puller();
    byte[] payload = random(64 * 1024, 1);
    int accepted = 0;
    for (int i = 0; i < 2000; i++) {
      accepted += output.offer(ByteBuffer.wrap(payload)) == StreamResult.OK ? 1 : 0;
    }
    assertTrue("refusals: " + output.statistics(), output.statistics().rejected() > 0);
    assertTrue(output.statistics().queuedBytes() <= 5_000_000);
    CompletableFuture<CloseResult> closed =
        CompletableFuture.supplyAsync(() -> output.close(FLUSH_MS));
    for (int i = 0; i < accepted; i++) {
      assertArrayEquals(payload, readMessage(puller));
    }
    assertEquals(NOTHING_LOST, closed.get(20, TimeUnit.SECONDS));
    assertEquals(-1, puller.getInputStream().read());
  }

  @Test
  public void closeFlushesTwentyMegabytes() throws Exception { // case 88
    TransportOutput output = openLazyToServer();
    Socket puller = puller();
    byte[] payload = random(20_000_000, 2);
    assertEquals(StreamResult.OK, output.offer(ByteBuffer.wrap(payload)));
    CompletableFuture<CloseResult> closed =
        CompletableFuture.supplyAsync(() -> output.close(FLUSH_MS));
    assertArrayEquals(payload, readMessage(puller));
    assertEquals(-1, puller.getInputStream().read());
    assertEquals(NOTHING_LOST, closed.get(20, TimeUnit.SECONDS));
  }

  @Test
  public void closeGivesUpAtTheDeadlineAndSaysWhatWasLost() throws Exception {
    TransportOutput output = openLazyToServer();
    puller(); // never reads
    byte[] payload = random(20_000_000, 2);
    output.offer(ByteBuffer.wrap(payload));
    offer(output, "last");
    long startNanos = System.nanoTime();
    CloseResult result = output.close(300);
    long tookMs = Await.sinceMs(startNanos);
    assertTrue(tookMs + " ms", tookMs >= 300 && tookMs < 2000);
    assertEquals(StreamResult.TIMEDOUT, result.result());
    assertEquals(2, result.lostMessages());
    assertTrue(result.toString(), result.lostBytes() > 4 && result.lostBytes() < 20_000_004);
    assertEquals(0, output.statistics().queuedMessages());
    assertEquals(2, output.statistics().lostMessages());
  }

  @Test
  public void closeWithNothingQueuedIsImmediate() throws Exception {
    TransportOutput output = openLazy(Nng.freePort());
    long startNanos = System.nanoTime();
    assertEquals(NOTHING_LOST, output.close(Long.MAX_VALUE));
    assertTrue(Await.sinceMs(startNanos) < 1000);
  }

  @Test
  public void whatAPullerSendsIsDiscarded() throws Exception { // case 89
    TransportOutput output = openLazyToServer();
    Socket puller = puller();
    puller.getOutputStream().write(Nng.frame(random(500_000, 3)));
    offer(output, "hello");
    assertEquals("hello", readText(puller));
    assertEquals(1, output.statistics().peers());
    assertEquals(NOTHING_LOST, output.close(FLUSH_MS));
    assertEquals("FIN, no reset", -1, puller.getInputStream().read());
  }

  @Test
  public void aMessageBegunIsLostAtABreakTheOthersAreNot() throws Exception {
    TransportOutput output = openLazyToServer();
    Socket first = puller();
    byte[] large = random(20_000_000, 4);
    output.offer(ByteBuffer.wrap(large));
    offer(output, "second");
    offer(output, "third");
    readBytes(first, 1_000_000);
    first.setSoLinger(true, 0);
    first.close();
    Socket next = puller();
    assertEquals("second", readText(next));
    assertEquals("third", readText(next));
    assertEquals(1, output.statistics().lostMessages());
    assertTrue(output.statistics().lostBytes() < large.length - 900_000);
    assertEquals(NOTHING_LOST, output.close(FLUSH_MS));
  }

  private static void readBytes(Socket socket, int count) throws IOException {
    assertEquals(count, socket.getInputStream().readNBytes(count).length);
  }

  @Test
  public void nothingIsLostWhenThePullerLeavesBetweenMessages() throws Exception { // §4.5
    TransportOutput output = openLazyToServer();
    Socket first = puller();
    offer(output, "0");
    assertEquals("0", readText(first));
    first.close();
    Await.until("peer down", () -> sink.down().size() == 1);
    offer(output, "1");
    offer(output, "2");
    Socket next = puller();
    assertEquals("1", readText(next));
    assertEquals("2", readText(next));
  }

  @Test
  public void theCallerMayReuseItsBuffer() throws Exception { // case 17
    TransportOutput output = openLazyToServer();
    byte[] bytes = {'o', 'l', 'd'};
    ByteBuffer message = ByteBuffer.wrap(bytes, 1, 2);
    output.offer(message);
    assertEquals(1, message.position());
    Arrays.fill(bytes, (byte) 'x');
    assertEquals("ld", readText(puller()));
  }

  @Test
  public void writersDoNotMixTheirMessages() throws Exception {
    TransportOutput output = openLazyToServer();
    Socket puller = puller();
    CountDownLatch done = new CountDownLatch(4);
    for (int w = 0; w < 4; w++) {
      int writer = w;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 250; i++) {
                  output.offer(Nng.text((writer + ":" + i + ";").repeat(150)));
                }
                done.countDown();
              });
      thread.start();
    }
    int[] next = new int[4];
    for (int i = 0; i < 1000; i++) {
      String text = readText(puller);
      int writer = text.charAt(0) - '0';
      assertEquals((writer + ":" + next[writer]++ + ";").repeat(150), text);
    }
    assertTrue(done.await(20, TimeUnit.SECONDS));
  }

  @Test
  public void idlePullersTakeTurns() throws Exception { // §4.6
    List<Socket> pullers = new ArrayList<>();
    TransportOutput output = openToThree(pullers);
    for (int i = 0; i < 12; i++) {
      offer(output, "m" + i);
      int sent = i + 1;
      Await.until("sent", () -> output.statistics().messages() == sent);
    }
    output.close(FLUSH_MS);
    List<String> firsts = new ArrayList<>();
    for (Socket puller : pullers) {
      List<String> texts = readAllTexts(puller);
      assertEquals(4, texts.size());
      int first = Integer.parseInt(texts.get(0).substring(1));
      for (int i = 0; i < 4; i++) {
        assertEquals("m" + (first + 3 * i), texts.get(i));
      }
      firsts.add(texts.get(0));
    }
    assertEquals(List.of("m0", "m1", "m2"), firsts.stream().sorted().toList());
  }

  private TransportOutput openToThree(List<Socket> pullers) throws Exception {
    List<String> urls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      urls.add(Nng.url(listen(0).getLocalPort()));
    }
    TransportOutput output = open(String.join(",", urls), "lazy", true);
    for (ServerSocket each : servers) {
      server = each;
      pullers.add(puller());
    }
    return output;
  }

  private static List<String> readAllTexts(Socket puller) throws IOException {
    List<String> texts = new ArrayList<>();
    InputStream in = puller.getInputStream();
    for (byte[] header = in.readNBytes(8); header.length == 8; header = in.readNBytes(8)) {
      int length = Math.toIntExact(ByteBuffer.wrap(header).getLong());
      texts.add(new String(in.readNBytes(length), StandardCharsets.US_ASCII));
    }
    return texts;
  }

  @Test
  public void aBurstReachesEveryPullerInOrderAndOnce() throws Exception { // §4.6
    List<Socket> pullers = new ArrayList<>();
    TransportOutput output = openToThree(pullers);
    for (int i = 0; i < 900; i++) {
      offer(output, String.format("%03d", i));
    }
    assertEquals(NOTHING_LOST, output.close(FLUSH_MS));
    List<String> all = new ArrayList<>();
    for (Socket puller : pullers) {
      List<String> texts = readAllTexts(puller);
      assertEquals(texts.stream().sorted().toList(), texts);
      assertEquals(300, texts.size());
      all.addAll(texts);
    }
    assertEquals(900, all.stream().distinct().count());
  }

  @Test
  public void aPullerThatDoesNotReadIsPassedOver() throws Exception { // §4.6
    List<Socket> pullers = new ArrayList<>();
    TransportOutput output = openToThree(pullers);
    byte[] payload = random(64 * 1024, 5);
    AtomicInteger received = new AtomicInteger();
    for (Socket puller : pullers.subList(1, 3)) {
      Thread thread = new Thread(() -> countMessages(puller, received));
      thread.setDaemon(true);
      thread.start();
    }
    for (int i = 0; i < 900; i++) {
      assertEquals(StreamResult.OK, output.offer(ByteBuffer.wrap(payload)));
    }
    // It holds one in part, and may have the next one claimed.
    Await.until("all but what the first one holds", () -> output.statistics().messages() >= 898);
    assertTrue("held: " + (900 - received.get()), received.get() > 600);
    pullers.get(0).setSoLinger(true, 0);
    pullers.get(0).close();
    Await.until("peer down", () -> sink.down().size() == 1);
    Await.until(
        "the one not begun goes to another",
        () -> output.statistics().messages() + output.statistics().lostMessages() == 900);
    assertTrue(
        "lost: " + output.statistics().lostMessages(), output.statistics().lostMessages() <= 1);
  }

  private static void countMessages(Socket puller, AtomicInteger received) {
    try {
      while (true) {
        readMessage(puller);
        received.incrementAndGet();
      }
    } catch (IOException e) {
      assertFalse(puller.isClosed() && received.get() == 0);
    }
  }

  @Test
  public void ipcFramesHaveATypeByte() throws Exception {
    Path path = folder.getRoot().toPath().resolve("s");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(path));
      TransportOutput output = open("ipc://" + path, "lazy", true);
      try (SocketChannel puller = listener.accept()) {
        InputStream in = Channels.newInputStream(puller);
        assertEquals(Nng.PUSH_GREETING, HexFormat.of().formatHex(in.readNBytes(8)));
        puller.write(ByteBuffer.wrap(HexFormat.of().parseHex(Nng.PULL_GREETING)));
        offer(output, "hello");
        assertEquals("01000000000000000568656c6c6f", HexFormat.of().formatHex(in.readNBytes(14)));
        assertEquals(List.of(path.toString()), sink.addresses());
      }
    }
  }

  @Test
  public void ourPusherAndOurPullerTalk() throws Exception {
    RecordingSink received = new RecordingSink();
    for (String url : List.of("tcp://127.0.0.1:0", "ipc://" + folder.getRoot() + "/both")) {
      TransportInput input = transport.openInput("i", Nng.in(Nng.listen(url)), received);
      TransportOutput output = open(url.replace(":0", ":" + input.boundPort()));
      int before = received.count();
      for (int size : new int[] {0, 1, 65_527, 65_528, 200_000, 5_000_000}) {
        output.offer(ByteBuffer.wrap(random(size, size)));
      }
      assertEquals(NOTHING_LOST, output.close(FLUSH_MS));
      Await.until("all messages", () -> received.count() == before + 6);
      List<byte[]> messages = received.messages(received.up().get(received.up().size() - 1));
      for (byte[] message : messages) {
        assertArrayEquals(random(message.length, message.length), message);
      }
    }
  }
}
