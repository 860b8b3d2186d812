/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.daqstream.signal.api.SignalDescriptor;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestWatcher;
import org.junit.runner.Description;

/**
 * Random and mutated bytes end in a ProtocolException or a counter, never in anything else. {@code
 * -Ddaqstream.fuzz.seconds} makes it longer.
 */
public class FuzzTest {
  private static final long BUDGET_NANOS =
      TimeUnit.MILLISECONDS.toNanos(
          Math.max(1_500, 1_000 * Long.getLong("daqstream.fuzz.seconds", 0)));
  private static final int LEAST_ROUNDS = 2000;
  private static final Limits LIMITS = new Limits(100_000, 100_000, 32, 10_000, 10_000);

  private static final List<String> SEEDS =
      List.of(
          Captured.LT_API_VERSION,
          Captured.LT_DOMAIN_SIGNAL,
          Captured.LT_VALUE_SIGNAL,
          Captured.LT_DOMAIN_DATA,
          Captured.WSS_INIT,
          Captured.WSS_REQUEST,
          Captured.WSS_RESPONSE,
          Captured.WSS_STRUCT_SIGNAL,
          Captured.WSS_DOMAIN_SIGNAL);

  private static final List<String> JSON_SEEDS =
      List.of(
          "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\"S1.subscribe\",\"params\":[\"/A\",\"/B\"]}",
          "{\"method\":\"signal\",\"params\":{\"definition\":{\"dataType\":\"struct\",\"struct\":["
              + "{\"name\":\"a\",\"dataType\":\"int8\",\"dimensions\":[{\"rule\":\"list\"}]}]}}}");

  @Rule
  public final TestWatcher tellsSeed =
      new TestWatcher() {
        @Override
        protected void failed(Throwable e, Description description) {
          System.err.println(description + " failed with seed " + seed);
        }
      };

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private ObjectNode known;
  private long understood;
  private long refused;

  @Test
  public void packetsOfAnyBytes() {
    PacketReader client = new PacketReader(LIMITS, this::packet);
    PacketReader server = new PacketReader(LIMITS, this::packet);
    long end = System.nanoTime() + BUDGET_NANOS;
    int rounds = 0;
    while (System.nanoTime() < end || rounds < LEAST_ROUNDS) {
      byte[] message = random.nextInt(10) == 0 ? noise() : mutated(seed());
      server.readMessage(ByteBuffer.wrap(message));
      int cut = random.nextInt(message.length + 1);
      client.read(ByteBuffer.wrap(message, 0, cut), random.nextBoolean());
      client.read(ByteBuffer.wrap(message, cut, message.length - cut), random.nextInt(4) == 0);
      rounds++;
    }
    assertTrue("understood " + understood, understood > rounds / 10);
    assertTrue("refused " + refused, refused > rounds / 10);
    assertTrue(server.truncatedPackets() > 0 && server.unknownPackets() > 0);
    assertTrue(client.packets() > 0 && client.oversizePackets() > 0);
  }

  @Test
  public void commandsOfAnyText() {
    long end = System.nanoTime() + BUDGET_NANOS / 3;
    for (int rounds = 0; System.nanoTime() < end || rounds < LEAST_ROUNDS; rounds++) {
      String seed = JSON_SEEDS.get(random.nextInt(JSON_SEEDS.size()));
      byte[] body = mutated(seed.getBytes(StandardCharsets.UTF_8));
      CommandResponse.parseHttp(200, body, LIMITS);
      try {
        CommandRequest request = CommandRequest.parseHttp(body, LIMITS);
        request.target("S1"::equals);
        request.signalIds();
        understood++;
      } catch (ProtocolException e) {
        refused++;
      }
      metadata(
          ByteBuffer.allocate(body.length + 4)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putInt(MetadataCodec.JSON)
              .put(body)
              .flip());
    }
    assertTrue(understood > LEAST_ROUNDS / 20 && refused > LEAST_ROUNDS / 20);
  }

  private void packet(int signo, int type, ByteBuffer payload) {
    if (type == PacketHeader.METADATA) {
      metadata(payload);
    } else {
      data(payload);
    }
  }

  private void metadata(ByteBuffer payload) {
    try {
      Metadata message = MetadataCodec.decode(payload, LIMITS);
      understood++;
      MetadataCodec.packet(1, message);
      everyMessage(message.params());
    } catch (ProtocolException e) {
      refused++;
    }
  }

  private void everyMessage(JsonNode params) throws ProtocolException {
    ApiVersion.parse(params).isAtLeast(ApiVersion.V2_0_0);
    Available.parse(params);
    Unavailable.parse(params);
    Alive.parse(params);
    Unsubscribe.parse(params);
    Init init = Init.parse(params);
    attempt(() -> init.commandInterfaces().select());
    attempt(() -> Subscribe.parse(params));
    attempt(() -> CommandRequest.parse(params).target(id -> false));
    attempt(() -> CommandResponse.parse(params).isDone(3));
    ObjectNode document = SignalMessage.parse(params).document();
    attempt(() -> SignalDocument.parse("v", document, id -> random.nextBoolean()));
    known = random.nextInt(20) == 0 ? null : known;
    known = SignalDocument.merge("v", known, document, LIMITS);
    SignalDocument.parse("v", known, id -> random.nextBoolean());
  }

  private void data(ByteBuffer payload) {
    RowTime time = new RowTime(1 + random.nextInt(1000));
    attempt(
        () -> {
          LinearPacket.parse(payload).pairs().forEach(time::add);
          time.tickOf(random.nextLong() >>> random.nextInt(64));
        });
    attempt(
        () ->
            ConstantPacket.parse(
                payload,
                1 << random.nextInt(5),
                random.nextBoolean() ? ConstantPacket.Form.RAW : ConstantPacket.Form.INDEXED,
                random.nextLong()));
    for (String type : List.of("int8", "uint16", "real32", "uint64", "real64")) {
      SignalDescriptor signal = SignalDescriptor.value("v", type).build();
      attempt(() -> SampleReader.of(signal).readRaw(payload));
      attempt(() -> SampleReader.of(signal).readValues(payload, new double[100_000], 0));
    }
  }

  private interface Attempt {
    void run() throws ProtocolException;
  }

  private void attempt(Attempt attempt) {
    try {
      attempt.run();
      understood++;
    } catch (ProtocolException e) {
      refused++;
    }
  }

  private byte[] seed() {
    return Bytes.of(SEEDS.get(random.nextInt(SEEDS.size())));
  }

  private byte[] noise() {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Some bytes changed; sometimes cut off, sometimes with a part repeated. */
  private byte[] mutated(byte[] bytes) {
    byte[] result = bytes.clone();
    for (int i = random.nextInt(6); i > 0; i--) {
      // Mostly the document, sometimes the header.
      int from = random.nextInt(8) == 0 ? 0 : Math.min(8, result.length - 1);
      result[from + random.nextInt(result.length - from)] = (byte) random.nextInt(256);
    }
    if (random.nextInt(8) == 0) {
      return java.util.Arrays.copyOf(result, random.nextInt(result.length + 1));
    }
    if (random.nextInt(8) == 0) {
      int from = random.nextInt(result.length);
      ByteBuffer repeated = ByteBuffer.allocate(2 * result.length - from);
      return repeated.put(result).put(result, from, result.length - from).array();
    }
    return result;
  }
}
