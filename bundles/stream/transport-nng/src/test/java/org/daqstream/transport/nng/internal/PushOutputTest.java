/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.RecordingSink;
import org.junit.Test;

/** What an output sends, keeps, refuses and loses. */
public class PushOutputTest extends PlayedPullers {
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
