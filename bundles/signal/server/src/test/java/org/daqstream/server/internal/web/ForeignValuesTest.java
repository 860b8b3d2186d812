/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.LoggerWatch;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.Pinger;
import org.daqstream.server.internal.WitnessedServer;
import org.daqstream.server.internal.access.Roles;
import org.daqstream.server.internal.fanout.ClientIdentity;
import org.daqstream.server.internal.start.TestServer;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;

/**
 * Values that a peer made up come into answers. What cannot be answered is refused, and a fault on
 * the way ends nobody but its client, whatever buffers are under way for others.
 */
public class ForeignValuesTest {
  @Rule public final Timeout timeout = Timeout.seconds(60);

  private static final int PINGERS = 12;

  private static byte[] json(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int payloadBytes = 4 + bytes.length;
    ByteBuffer packet =
        ByteBuffer.allocate(PacketHeader.bytes(payloadBytes) + payloadBytes)
            .order(ByteOrder.LITTLE_ENDIAN);
    PacketHeader.put(packet, 0, PacketHeader.METADATA, payloadBytes);
    return packet.putInt(MetadataCodec.JSON).put(bytes).array();
  }

  private static byte[] request(String id, String method) {
    return json(
        "{\"method\":\"request\",\"params\":{\"id\":%s,\"method\":%s,\"params\":[]}}"
            .formatted(id, method));
  }

  private static List<Pinger> pingers(WitnessedServer server) throws Exception {
    List<Pinger> pingers = new ArrayList<>();
    while (pingers.size() < PINGERS) {
      pingers.add(new Pinger(server.port()));
    }
    return pingers;
  }

  private static void close(List<Pinger> pingers) throws Exception {
    for (Pinger pinger : pingers) {
      pinger.close();
    }
  }

  @Test
  public void idsThatCannotBeAnsweredAreRefusedWithoutHarmToOthers() throws Exception {
    String[] ids = {
      "18446744073709551616", "-9223372036854775809", "9".repeat(100), "1e999", "[[]]", "{}", "true"
    };
    try (WitnessedServer server = new WitnessedServer();
        LoggerWatch log = new LoggerWatch()) {
      List<Pinger> pingers = pingers(server);
      try (Peer peer = server.offender()) {
        for (int i = 0; i < 300; i++) {
          String id = ids[i % ids.length];
          peer.send(0x82, request(id, "\"nobody.subscribe\""), true);
          JsonNode answer = peer.next("response").params();
          assertTrue(id, answer.path("id").isNull());
          assertEquals(id, CommandResponse.INVALID_REQUEST, answer.at("/error/code").intValue());
        }
      }
      server.expectWitnessGoesOn();
      close(pingers);
      assertEquals(300, server.statistics().count(ServerEvent.BAD_REQUEST));
      log.check();
    }
  }

  @Test
  public void wordsThatAreNoTextComeBackAsText() throws Exception {
    try (WitnessedServer server = new WitnessedServer();
        LoggerWatch log = new LoggerWatch();
        Peer peer = server.offender()) {
      peer.send(0x82, request("\"\\ud800\"", "\"\\udc00.subscribe\""), true);
      JsonNode answer = peer.next("response").params();
      log.check();
      assertEquals("?", answer.path("id").textValue());
      assertEquals(CommandResponse.METHOD_NOT_FOUND, answer.at("/error/code").intValue());
      log.check();
    }
  }

  @Test
  public void faultBehindAFrameIsNotTakenForAFailureOfTheFrame() throws Exception {
    List<Integer> closeCodes = new ArrayList<>();
    CoreSession core =
        (CoreSession)
            Proxy.newProxyInstance(
                CoreSession.class.getClassLoader(),
                new Class<?>[] {CoreSession.class},
                (proxy, method, arguments) -> {
                  switch (method.getName()) {
                    case "demand" -> throw new IllegalStateException("a fault");
                    case "close" -> closeCodes.add(closeCode(arguments[0]));
                    default -> {}
                  }
                  return null;
                });
    AtomicInteger done = new AtomicInteger();
    Callback callback = Callback.from(done::incrementAndGet);
    try (TestServer server = new TestServer("closeTimeoutMs", 100)) { // the session never ends
      WebSocketSession session = session(server);
      session.onOpen(core, callback);
      for (byte opcode : new byte[] {OpCode.PONG, OpCode.BINARY, OpCode.TEXT}) {
        session.onFrame(new Frame(opcode).setPayload("x"), callback);
      }
      assertEquals("callbacks", 4, done.get());
      assertEquals(List.of(1011, 1011, 1011, 1011), closeCodes);
    }
  }

  private static int closeCode(Object status) {
    return status instanceof CloseStatus close ? close.getCode() : (Integer) status;
  }

  private static WebSocketSession session(TestServer server) throws Exception {
    return new WebSocketSession(
        server.fanOut(),
        server.statistics(),
        server.guard(),
        server.budget(),
        server.intake(),
        new ClientIdentity(
            "client-1",
            "stream",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            "test"),
        new ByteArrayEndPoint(),
        Runnable::run,
        CommandInterfaces.inBandAndHttp(1, "/"),
        new Entrance(
            server.authenticators,
            server.roles,
            server.fanOut(),
            server.statistics(),
            new LoginTerms(false, Roles.EVERYTHING)),
        Visitor.ANONYMOUS);
  }
}
