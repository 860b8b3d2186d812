/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.junit.Test;

/** Several pullers of one output. */
public class PushSharingTest extends PlayedPullers {
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
}
