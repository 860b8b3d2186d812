/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.Upgrade;

/** A server's side of one connection, by the script's thread. */
final class ServerLine {
  private static final int TIMEOUT_MS = 10_000;
  private static final String IN_BAND = "{jsonrpc: {httpMethod: ''}}";
  private static final String END = "\r\n\r\n";

  /** A frame of the client, unmasked. */
  record Frame(int opcode, ByteBuffer payload) {}

  final Socket socket;
  final String serverAddress;
  private final DataInputStream in;
  private final OutputStream out;
  private String head = "";

  ServerLine(Socket socket, String serverAddress) throws IOException {
    this.socket = socket;
    this.serverAddress = serverAddress;
    socket.setSoTimeout(TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Reads a request up to the end of its head. */
  String head() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith(END)) {
      bytes.write(in.readUnsignedByte());
    }
    head = bytes.toString(StandardCharsets.ISO_8859_1);
    return head;
  }

  /** The head that was read last. */
  String lastHead() {
    return head;
  }

  /** Reads a POST; gives its body. */
  JsonNode post() throws IOException {
    String request = head();
    assertTrue(request, request.startsWith("POST "));
    int length = Integer.parseInt(request.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
    return Packets.json(new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  /** The answer to the upgrade that was read. */
  String acceptance(String... headers) {
    String key = head.replaceAll("(?s).*Sec-WebSocket-Key: (\\S+).*", "$1");
    StringBuilder answer = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
    answer.append("Upgrade: websocket\r\nConnection: Upgrade\r\n");
    answer.append("Sec-WebSocket-Accept: ").append(Upgrade.acceptKey(key));
    for (String each : headers) {
      answer.append("\r\n").append(each);
    }
    return answer.append(END).toString();
  }

  /** Reads the upgrade and takes it. */
  void upgrade() throws IOException {
    head();
    send(acceptance());
  }

  /** Upgrades and greets as a server with commands in-band. */
  void greet(String version, String... signalIds) throws IOException {
    upgrade();
    metadata(0, "apiVersion", "{version: '" + version + "'}");
    metadata(0, "init", "{streamId: 'S', commandInterfaces: " + IN_BAND + "}");
    available(signalIds);
  }

  /** Upgrades and greets as a server with commands by HTTP. */
  void greetHttp(String version, String port, String path, String... signalIds) throws IOException {
    upgrade();
    metadata(0, "apiVersion", "{version: '" + version + "'}");
    metadata(
        0,
        "init",
        "{streamId: 'S', commandInterfaces: {'jsonrpc-http': {httpMethod: 'POST', httpPath: '%s', httpVersion: '1.1', port: %s}}}"
            .formatted(path, port));
    available(signalIds);
  }

  void available(String... signalIds) throws IOException {
    metadata(0, "available", "{signalIds: " + ids(signalIds) + "}");
  }

  void unavailable(String... signalIds) throws IOException {
    metadata(0, "unavailable", "{signalIds: " + ids(signalIds) + "}");
  }

  private static String ids(String... signalIds) {
    return signalIds.length == 0 ? "[]" : "['" + String.join("', '", signalIds) + "']";
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  void metadata(int signo, String method, String params) throws IOException {
    send(Packets.binary(Packets.metadata(signo, method, params)));
  }

  /** Acknowledges a subscription and describes the signal. */
  void signal(int signo, String signalId, String document) throws IOException {
    metadata(signo, "subscribe", "{signalId: '" + signalId + "'}");
    metadata(signo, "signal", document);
  }

  /** A linear time in nanoseconds. */
  void linearTime(int signo, String signalId, long delta) throws IOException {
    signal(signo, signalId, Documents.linearTime(signalId, delta));
  }

  /** A value of an explicit rule. */
  void value(int signo, String signalId, String domainId, String dataType, long valueIndex)
      throws IOException {
    signal(signo, signalId, Documents.value(signalId, domainId, dataType, valueIndex));
  }

  void data(int signo, byte[] payload) throws IOException {
    send(Packets.binary(Packets.data(signo, payload)));
  }

  void pair(int signo, long row, long tick) throws IOException {
    data(signo, Packets.longs(row, tick));
  }

  /** The next frame of the client, which must be masked. */
  Frame frame() throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    assertEquals("FIN, no extension", 0x80, first & 0xF0);
    assertTrue("clients mask", (second & 0x80) != 0);
    int length = second & 0x7F;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = (int) in.readLong();
    }
    int maskKey = in.readInt();
    ByteBuffer payload = ByteBuffer.wrap(in.readNBytes(length));
    FrameHeader.mask(payload, maskKey);
    return new Frame(first & 0x0F, payload);
  }

  /** The next request in-band, of which the envelope is given; pings are answered. */
  JsonNode request() throws Exception {
    Metadata message = message();
    assertEquals("request", message.method());
    return message.params();
  }

  /** The next message of the session; pings are answered. */
  Metadata message() throws Exception {
    while (true) {
      Frame frame = frame();
      if (frame.opcode() == FrameHeader.BINARY) {
        List<Metadata> read = new ArrayList<>();
        new PacketReader(Limits.DEFAULT, (signo, type, payload) -> read.add(metadata(payload)))
            .readMessage(frame.payload());
        assertEquals("one packet in a message", 1, read.size());
        return read.get(0);
      } else if (frame.opcode() == FrameHeader.PING) {
        pong(frame);
      } else if (frame.opcode() == FrameHeader.CLOSE) {
        throw new EOFException("the client has left");
      }
    }
  }

  private static Metadata metadata(ByteBuffer payload) {
    try {
      return MetadataCodec.decode(payload, Limits.DEFAULT);
    } catch (ProtocolException e) {
      throw new AssertionError(e);
    }
  }

  void pong(Frame ping) throws IOException {
    byte[] payload = new byte[ping.payload().remaining()];
    ping.payload().get(payload);
    send(Packets.frame(Packets.FIN | FrameHeader.PONG, payload));
  }

  /** The next request, which must be this one for these signals. */
  JsonNode expect(String command, String... signalIds) throws Exception {
    JsonNode request = request();
    assertEquals("S." + command, request.path("method").textValue());
    assertEquals(Packets.json(ids(signalIds)), request.path("params"));
    return request;
  }

  /** Reads requests of a command until they have named all these signals, however many in each. */
  List<JsonNode> expectAll(String command, String... signalIds) throws Exception {
    Set<String> missing = new HashSet<>(List.of(signalIds));
    List<JsonNode> requests = new ArrayList<>();
    while (!missing.isEmpty()) {
      JsonNode request = request();
      assertEquals("S." + command, request.path("method").textValue());
      for (JsonNode each : request.path("params")) {
        assertTrue(each + " once", missing.remove(each.textValue()));
      }
      requests.add(request);
    }
    return requests;
  }

  /** Says that everything is done. */
  void answerAll(List<JsonNode> requests) throws IOException {
    for (JsonNode each : requests) {
      answer(each, "[" + "true, ".repeat(each.path("params").size() - 1) + "true]");
    }
  }

  /** Answers a request in-band. */
  void answer(JsonNode request, String result) throws IOException {
    metadata(
        0,
        "response",
        "{id: %s, jsonrpc: '2.0', result: %s}".formatted(request.path("id"), result));
  }

  void answerError(JsonNode request, int code, String message) throws IOException {
    metadata(
        0,
        "response",
        "{id: %s, jsonrpc: '2.0', error: {code: %d, message: '%s'}}"
            .formatted(request.path("id"), code, message));
  }

  /** Takes a subscription to one signal with a linear time of 1000 ns. */
  void serveSubscribe(String domainId, String signalId, String dataType, long valueIndex)
      throws Exception {
    JsonNode request = expect("subscribe", signalId);
    linearTime(1, domainId, 1000);
    value(2, signalId, domainId, dataType, valueIndex);
    answer(request, "[true]");
  }

  /** Reads and answers pings until the client has left. */
  void untilLeft() throws Exception {
    try {
      while (true) {
        Frame frame = frame();
        if (frame.opcode() == FrameHeader.PING) {
          pong(frame);
        } else if (frame.opcode() == FrameHeader.CLOSE) {
          return;
        }
      }
    } catch (IOException e) {
      // It has left without a word.
    }
  }

  void close() throws IOException {
    socket.close();
  }

  /** Ends the connection with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
