/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.server.internal.start.TestServer;

/** What tests tell a server and what they expect to hear. */
public final class Dialogue {
  /** What the stock C++ client sends at the upgrade. */
  public static final String WS_STREAMING = "User-Agent: ws-streaming/3.0.2 Boost.Beast/345";

  private static final long NOTHING = 424_242;

  private Dialogue() {}

  /** A value signal and its domain as they were acknowledged. */
  public record Subscribed(int domainSigno, int signo, long valueIndex) {}

  /** Subscribes by HTTP; the acknowledgements wait in the peer's socket. */
  public static void subscribe(TestServer server, Peer peer, String... signalIds)
      throws IOException {
    assertSucceeded(peer.command(server.controlPort(), "subscribe", signalIds));
  }

  /** Unsubscribes by HTTP. */
  public static void unsubscribe(TestServer server, Peer peer, String... signalIds)
      throws IOException {
    assertSucceeded(peer.command(server.controlPort(), "unsubscribe", signalIds));
  }

  public static void assertSucceeded(String answer) {
    assertTrue(answer, answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("\r\n\r\nSucceeded"));
  }

  public static void assertRefused(int status, String answer) {
    assertTrue(answer, answer.startsWith("HTTP/1.1 " + status + " "));
  }

  /** Connects, subscribes one value signal and reads the acknowledgements. */
  public static Peer subscriber(
      TestServer server, String domainId, String signalId, String... headers) throws Exception {
    Peer peer = Peer.connect(server.port(), headers);
    subscribe(server, peer, signalId);
    expectSubscribed(peer, domainId, signalId);
    return peer;
  }

  /** Subscribes what is made for clients of ours, and reads that it is. */
  static Subscribed subscribeDerived(TestServer server, Peer peer, String signalId)
      throws Exception {
    subscribe(server, peer, signalId);
    return expectSubscribed(peer, signalId + "&domain", signalId);
  }

  /** Reads the acknowledgements of a domain and a value, in this order. */
  public static Subscribed expectSubscribed(Peer peer, String domainId, String signalId)
      throws Exception {
    int domainSigno = expectAcknowledged(peer, domainId).signo();
    Peer.Packet value = expectAcknowledged(peer, signalId);
    return new Subscribed(
        domainSigno, value.signo(), value.params().path("valueIndex").longValue());
  }

  /** Reads {@code subscribe} and {@code signal} of one signal; returns the latter. */
  public static Peer.Packet expectAcknowledged(Peer peer, String signalId) throws Exception {
    Peer.Packet subscribe = peer.next("subscribe");
    assertEquals(signalId, subscribe.params().path("signalId").textValue());
    Peer.Packet signal = peer.next("signal");
    assertEquals(subscribe.signo(), signal.signo());
    return signal;
  }

  public static void expectUnsubscribed(Peer peer, String signalId, int signo) throws Exception {
    Peer.Packet unsubscribe = peer.next("unsubscribe");
    assertEquals(signalId, unsubscribe.params().path("signalId").textValue());
    assertEquals(signo, unsubscribe.signo());
  }

  public static void expectSignalIds(Peer peer, String method, String... signalIds)
      throws Exception {
    Peer.Packet packet = peer.next(method);
    assertEquals(0, packet.signo());
    assertEquals(List.of(signalIds), strings(packet.params().path("signalIds")));
  }

  public static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(each -> strings.add(each.textValue()));
    return strings;
  }

  /** Reads a domain pair. */
  public static void expectLine(Peer peer, int signo, long row, long tick) throws Exception {
    ByteBuffer pair = expectData(peer, signo);
    assertEquals("bytes of a pair", 16, pair.remaining());
    assertEquals("row", row, pair.getLong(0));
    assertEquals("tick", tick, pair.getLong(8));
  }

  /** Reads the {@code signal} message of a hole. */
  public static Peer.Packet expectValueIndex(Peer peer, int signo, long row) throws Exception {
    Peer.Packet signal = peer.next("signal");
    assertEquals(signo, signal.signo());
    assertEquals(row, signal.params().path("valueIndex").longValue());
    return signal;
  }

  public static ByteBuffer expectData(Peer peer, int signo) throws Exception {
    Peer.Packet packet = peer.next("data");
    assertEquals(signo, packet.signo());
    return packet.payload();
  }

  public static void expectDoubles(Peer peer, int signo, double... values) throws Exception {
    ByteBuffer payload = expectData(peer, signo);
    assertEquals((long) values.length * Double.BYTES, payload.remaining());
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i], payload.getDouble(i * Double.BYTES), 0);
    }
  }

  /**
   * Everything that was caused so far has been read. A command makes sure of that: its response
   * comes after all that was written to the log before.
   */
  public static void expectNothing(Peer peer) throws Exception {
    request(peer, NOTHING, "subscribe");
    assertTrue(expectResponse(peer, NOTHING).path("result").isEmpty());
  }

  /** Reads until a close frame or the end comes; returns the close code, 0 without one. */
  public static int closeCode(Peer peer) throws IOException {
    try {
      while (true) {
        Peer.Frame frame = peer.readFrame();
        if (frame.opcode() == FrameHeader.CLOSE) {
          return frame.closeCode();
        }
      }
    } catch (EOFException | SocketException e) {
      return 0;
    }
  }

  /** Sends a command in-band, unmasked as the stock client does. */
  public static void request(Peer peer, long id, String command, String... signalIds)
      throws IOException {
    CommandRequest request = CommandRequest.of(id, peer.sessionId, command, List.of(signalIds));
    peer.send(0x82, MetadataCodec.packet(0, request.toMetadata()), false);
  }

  /** Reads the response to a command. */
  public static JsonNode expectResponse(Peer peer, long id) throws IOException, ProtocolException {
    Peer.Packet response = peer.next("response");
    assertEquals(0, response.signo());
    assertEquals(id, response.params().path("id").longValue());
    assertNull(response.payload());
    return response.params();
  }
}
