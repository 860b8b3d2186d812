/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.protocol.CommandInterfaces;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.server.api.PeerSignals;
import org.daqstream.server.api.PublishingClient;
import org.daqstream.server.internal.Await;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.testing.LogLines;
import org.junit.Before;

/** Servers and clients that publish to them, and who takes it. */
abstract class PublishingBench {
  @Before
  public void forgetWhatWasLogged() {
    LogLines.clear();
  }

  /** Lines on clients whose signals are not taken. */
  static int notTaken() {
    return LogLines.with("are not taken: ").size();
  }

  static final String WSS = "User-Agent: ws-streaming/3.0.2 Boost.Beast/345";
  static final String OURS = "User-Agent: daqstream/press 7";
  static final String LT = "User-Agent: Boost.Beast/345 stream-client";

  /** Notes what comes. */
  static final class Taker implements PeerSignals {
    final List<PublishingClient> clients = Collections.synchronizedList(new ArrayList<>());
    final List<String> came = Collections.synchronizedList(new ArrayList<>());

    @Override
    public Session open(PublishingClient client) {
      clients.add(client);
      return new Session() {
        @Override
        public void packet(int signo, int type, ByteBuffer payload) {
          byte[] bytes = new byte[payload.remaining()];
          payload.get(bytes);
          came.add(signo + " " + type + " " + HexFormat.of().formatHex(bytes));
        }

        @Override
        public void closed(String why) {
          came.add("closed");
        }
      };
    }
  }

  final Taker taker = new Taker();

  TestServer server(Object... keysAndValues) {
    TestServer server = new TestServer(keysAndValues);
    server.takers.add(taker, Map.of());
    return server;
  }

  static void greet(Peer peer, String... signalIds) throws IOException {
    peer.send(ApiVersion.V2_0_0.toMetadata());
    peer.send(
        new Init("127.0.0.1:7414", new CommandInterfaces(List.of(CommandInterface.inBand())))
            .toMetadata());
    peer.send(new Available(List.of(signalIds)).toMetadata());
  }

  static byte[] data(int signo, int payloadBytes) {
    ByteBuffer packet = ByteBuffer.allocate(PacketHeader.bytes(payloadBytes) + payloadBytes);
    PacketHeader.put(packet, signo, PacketHeader.DATA, payloadBytes);
    return packet.array();
  }

  void awaitCame(int count) throws Exception {
    Await.until("packets", () -> taker.came.size() >= count);
  }

  static String versionTold(TestServer server, String agent) throws Exception {
    try (Peer peer = new Peer(server.port())) {
      peer.upgrade("/", agent);
      String version = peer.next("apiVersion").params().path("version").textValue();
      return version + " " + peer.next("init").params().path("supported");
    }
  }

  /** Ids in the shapes that are taken besides an object with an array. */
  static List<JsonNode> shapesOf(String signalId) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return List.of(
        nodes.textNode(signalId),
        nodes.arrayNode().add(signalId),
        nodes.objectNode().put("signalIds", signalId));
  }
}
