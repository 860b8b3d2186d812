/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/**
 * Random input for a while; the witness gets every sample, nothing is left afterwards, no thread is
 * gone and nothing was logged that no peer may cause. {@code -Ddaqstream.fuzz.seconds} makes each
 * attack longer.
 */
public class FuzzedServerTest {
  private static final long BUDGET_MS =
      TimeUnit.SECONDS.toMillis(Long.getLong("daqstream.fuzz.seconds", 0));

  /** Of each attack. */
  private static final long BUDGET_NANOS =
      TimeUnit.MILLISECONDS.toNanos(Math.max(BUDGET_MS, 1_250));

  @Rule public final Timeout timeout = Timeout.millis(60_000 + BUDGET_MS);

  private static final int MESSAGES = 30;
  private static final int INPUTS_MIN = 20;
  private static final List<String> HTTP =
      List.of(
          "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 44\r\n\r\n"
              + "{\"id\":1,\"method\":\"x.subscribe\",\"params\":[\"a\"]}",
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
          "OPTIONS * HTTP/1.0\r\nExpect: 100-continue\r\nConnection: keep-alive\r\n\r\n");

  private interface Attack {
    void run(Random random) throws Exception;
  }

  private interface Message {
    byte[] of(String sessionId, Random random);
  }

  /** Clients send some messages each, masked or not, and leave in some way. */
  private static void attackWithMessages(Message message) throws Exception {
    try (WitnessedServer server = new WitnessedServer()) {
      attack(
          server,
          random -> {
            try (Peer peer = server.offender()) {
              for (int i = 0; i < MESSAGES; i++) {
                peer.send(0x82, message.of(peer.sessionId, random), random.nextBoolean());
              }
              finish(peer, random);
            }
          });
    }
  }

  private static void attack(WitnessedServer server, Attack attack) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (LoggerWatch log = new LoggerWatch();
        Pinger pinger = new Pinger(server.port())) {
      attack(seed, random, attack);
      pinger.expectGoesOn();
      server.expectWitnessGoesOn();
      log.check();
    }
  }

  private static void attack(long seed, Random random, Attack attack) throws Exception {
    int inputs = 0;
    for (long start = System.nanoTime(); System.nanoTime() - start < BUDGET_NANOS; inputs++) {
      try {
        attack.run(random);
      } catch (IOException e) {
        assertTrue("input " + inputs + " of seed " + seed + ": " + e, isDisconnection(e));
      }
    }
    assertTrue(inputs + " inputs", inputs > INPUTS_MIN);
  }

  /** The server may hang up on a fuzzer at any time, but it must answer everybody who connects. */
  private static boolean isDisconnection(IOException e) {
    return !(e instanceof java.net.SocketTimeoutException)
        && !(e instanceof java.net.ConnectException);
  }

  private static byte[] mutated(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
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
              String text = HTTP.get(random.nextInt(HTTP.size()));
              byte[] bytes = mutated(text.getBytes(StandardCharsets.ISO_8859_1), random);
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

  /** Commands of sessions that there are, in requests that are proper for the most part. */
  @Test
  public void mutatedHttpCommands() throws Exception {
    try (WitnessedServer server = new WitnessedServer()) {
      attack(
          server,
          random -> {
            try (Peer owner = server.offender()) {
              for (int i = 0; i < MESSAGES; i++) {
                String body =
                    "{\"id\":%s,\"jsonrpc\":\"2.0\",\"method\":\"%s.%s\",\"params\":%s}"
                        .formatted(
                            any(random),
                            owner.sessionId,
                            random.nextBoolean() ? "subscribe" : "unsubscribe",
                            random.nextBoolean() ? "[\"witness\"]" : any(random));
                post(server.port(), mutated(body.getBytes(StandardCharsets.UTF_8), random));
              }
              finish(owner, random);
            }
          });
    }
  }

  private static void post(int port, byte[] body) throws IOException {
    try (Peer peer = new Peer(port)) {
      peer.write(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n"
              + "Content-Length: "
              + body.length
              + "\r\n\r\n");
      peer.write(body);
      String answer = peer.readToEnd();
      assertTrue(answer, answer.startsWith("HTTP/1.1 200 ") || answer.startsWith("HTTP/1.1 4"));
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
    attackWithMessages(
        (sessionId, random) -> {
          CommandRequest request =
              CommandRequest.of(
                  random.nextInt(MESSAGES),
                  sessionId,
                  random.nextBoolean() ? "subscribe" : "unsubscribe",
                  List.of(WitnessedServer.SIGNAL_ID, "witness time"));
          return mutated(MetadataCodec.packet(0, request.toMetadata()), random);
        });
  }

  private static final String[] JSON_VALUES = {
    "18446744073709551616",
    "-9223372036854775809",
    "1e999",
    "-1e-999",
    "0.1",
    "true",
    "null",
    "[]",
    "{\"a\":[1]}",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "1e",
    "\"",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "NaN"
  };

  /**
   * JSON that is valid for the most part, with values that nobody expects where an id should be.
   */
  @Test
  public void randomIdsInJson() throws Exception {
    attackWithMessages(
        (sessionId, random) -> {
          String text =
              "{\"method\":\"request\",\"params\":{\"id\":%s,\"method\":%s,\"params\":%s}}"
                  .formatted(
                      any(random),
                      random.nextBoolean() ? any(random) : '"' + sessionId + ".subscribe\"",
                      any(random));
          return packet(MetadataCodec.JSON, text.getBytes(StandardCharsets.UTF_8));
        });
  }

  private static String any(Random random) {
    return random.nextInt(4) == 0
        ? String.valueOf(random.nextLong())
        : JSON_VALUES[random.nextInt(JSON_VALUES.length)];
  }

  private static byte[] packet(int encoding, byte[] document) {
    int payloadBytes = 4 + document.length;
    ByteBuffer packet =
        ByteBuffer.allocate(PacketHeader.bytes(payloadBytes) + payloadBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    PacketHeader.put(packet, 0, PacketHeader.METADATA, payloadBytes);
    return packet.putInt(encoding).put(document).array();
  }

  /** An envelope in which id, method and parameters are any MessagePack, or nearly. */
  @Test
  public void randomMessagePack() throws Exception {
    attackWithMessages(
        (sessionId, random) -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          bytes.writeBytes(Hex.bytes("82 a6 6d6574686f64 a7 72657175657374 a6 706172616d73 83"));
          bytes.writeBytes(Hex.bytes("a2 6964"));
          putAny(bytes, random, 0);
          bytes.writeBytes(Hex.bytes("a6 6d6574686f64"));
          if (random.nextBoolean()) {
            byte[] method = (sessionId + ".subscribe").getBytes(StandardCharsets.UTF_8);
            bytes.write(0xD9);
            bytes.write(method.length);
            bytes.writeBytes(method);
          } else {
            putAny(bytes, random, 0);
          }
          bytes.writeBytes(Hex.bytes("a6 706172616d73"));
          putAny(bytes, random, 0);
          byte[] document = bytes.toByteArray();
          return packet(
              MetadataCodec.MESSAGE_PACK,
              random.nextInt(4) == 0 ? mutated(document, random) : document);
        });
  }

  private static void putAny(ByteArrayOutputStream bytes, Random random, int depth) {
    int form = depth > 40 ? 0xC0 : 0x80 + random.nextInt(0x80);
    if (form < 0x90 || (form < 0xA0 && random.nextInt(3) > 0)) { // small maps and arrays, deep ones
      int count = random.nextInt(3);
      bytes.write((form < 0x90 ? 0x80 : 0x90) | count);
      for (int i = 0; i < count; i++) {
        if (form < 0x90) {
          bytes.write(0xA1);
          bytes.write('a' + i);
        }
        putAny(bytes, random, depth + 1);
      }
      return;
    }
    bytes.write(form);
    int payload =
        switch (form) {
          case 0xCC, 0xD0, 0xC4, 0xD9 -> 1;
          case 0xCD, 0xD1, 0xC5, 0xDA, 0xDC, 0xDE -> 2;
          case 0xCA, 0xCE, 0xD2, 0xC6, 0xDB, 0xDD, 0xDF -> 4;
          case 0xCB, 0xCF, 0xD3 -> 8;
          default -> form >= 0xA0 && form < 0xC0 ? form - 0xA0 : 0;
        };
    byte[] rest = new byte[payload];
    random.nextBytes(rest);
    if (random.nextInt(3) == 0) {
      Arrays.fill(rest, (byte) 0xFF); // the largest, NaN, or a length that is not there
    }
    bytes.writeBytes(rest);
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
    byte[] bytes = new byte[random.nextInt(lengthMax)];
    random.nextBytes(bytes);
    return bytes;
  }
}
