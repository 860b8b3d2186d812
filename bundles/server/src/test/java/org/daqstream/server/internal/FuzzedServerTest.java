/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.MetadataCodec;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/** Random input for a while; the witness gets every sample and nothing is left afterwards. */
public class FuzzedServerTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  private static final long BUDGET_NANOS = TimeUnit.MILLISECONDS.toNanos(1_500);
  private static final int INPUTS_MIN = 20;
  private static final List<String> HTTP =
      List.of(
          "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 44\r\n\r\n"
              + "{\"id\":1,\"method\":\"x.subscribe\",\"params\":[\"a\"]}",
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
          "OPTIONS * HTTP/1.0\r\nExpect: 100-continue\r\nConnection: keep-alive\r\n\r\n");

  private interface Attack {
    void run(Random random) throws Exception;
  }

  private static void attack(WitnessedServer server, Attack attack) throws Exception {
    final long seed = System.nanoTime();
    final Random random = new Random(seed);
    int inputs = 0;
    for (long start = System.nanoTime(); System.nanoTime() - start < BUDGET_NANOS; inputs++) {
      try {
        attack.run(random);
      } catch (IOException e) {
        assertTrue("input " + inputs + " of seed " + seed + ": " + e, isDisconnection(e));
      }
    }
    assertTrue(inputs + " inputs", inputs > INPUTS_MIN);
    server.expectWitnessGoesOn();
  }

  /** The server may hang up on a fuzzer at any time, but it must answer everybody who connects. */
  private static boolean isDisconnection(IOException e) {
    return !(e instanceof java.net.SocketTimeoutException)
        && !(e instanceof java.net.ConnectException);
  }

  private static byte[] mutated(byte[] valid, Random random) {
    final byte[] bytes = valid.clone();
    for (int i = random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  @Test
  public void randomHttp() throws Exception {
    try (WitnessedServer server = new WitnessedServer("requestTimeoutMs", 500)) {
      attack(
          server,
          random -> {
            try (Peer peer = new Peer(server.port())) {
              final String text = HTTP.get(random.nextInt(HTTP.size()));
              final byte[] bytes = mutated(text.getBytes(StandardCharsets.ISO_8859_1), random);
              peer.write(bytes);
              if (random.nextBoolean()) {
                peer.write(randomBytes(random, 2_000));
              }
              if (random.nextBoolean()) {
                peer.socket.shutdownOutput();
                peer.readToEnd();
              }
            }
          });
    }
  }

  @Test
  public void randomFrames() throws Exception {
    try (WitnessedServer server = new WitnessedServer()) {
      attack(
          server,
          random -> {
            try (Peer peer = server.offender()) {
              for (int i = random.nextInt(20); i > 0; i--) {
                peer.send(random.nextInt(256), randomBytes(random, 300), random.nextBoolean());
              }
              peer.write(randomBytes(random, 100));
              finish(peer, random);
            }
          });
    }
  }

  @Test
  public void mutatedCommands() throws Exception {
    try (WitnessedServer server = new WitnessedServer()) {
      attack(
          server,
          random -> {
            try (Peer peer = server.offender()) {
              for (int i = 0; i < 30; i++) {
                final CommandRequest request =
                    CommandRequest.of(
                        i,
                        peer.streamId,
                        random.nextBoolean() ? "subscribe" : "unsubscribe",
                        List.of(WitnessedServer.SIGNAL_ID, "witness time"));
                final byte[] packet = MetadataCodec.packet(0, request.toMetadata());
                peer.send(0x82, mutated(packet, random), random.nextBoolean());
              }
              finish(peer, random);
            }
          });
    }
  }

  private static void finish(Peer peer, Random random) throws IOException {
    if (random.nextBoolean()) {
      peer.socket.setSoLinger(true, 0);
    } else {
      peer.send(0x88, new byte[0], true);
      peer.socket.shutdownOutput(); // the close frame may have become part of a random frame
      Dialogue.closeCode(peer);
    }
  }

  private static byte[] randomBytes(Random random, int lengthMax) {
    final byte[] bytes = new byte[random.nextInt(lengthMax)];
    random.nextBytes(bytes);
    return bytes;
  }
}
