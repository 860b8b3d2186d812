/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.daqstream.protocol.Delivery;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Mark;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.Reached;

/** A raw-socket WebSocket client that sees every byte; blocks with a deadline. */
public final class Peer implements AutoCloseable {
  static final int TIMEOUT_MS = 10_000;

  public final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  public String sessionId = "";
  private final Deque<Packet> packets = new ArrayDeque<>();
  private final PacketReader reader = new PacketReader(Limits.DEFAULT, this::take);
  private boolean takesMany;

  /** Messages with packets that came. */
  public int messages;

  /** Whether marks are answered, and not given to who reads. */
  public volatile boolean answersMarks;

  /** A frame as it came. */
  public record Frame(int firstByte, int secondByte, ByteBuffer payload) {
    public int opcode() {
      return firstByte & 0x0F;
    }

    public int closeCode() {
      return payload.remaining() < 2
          ? 1005
          : payload.duplicate().order(ByteOrder.BIG_ENDIAN).getShort(0) & 0xFFFF;
    }
  }

  /** A packet: metadata, or payload if that is null. */
  public record Packet(int signo, Metadata metadata, ByteBuffer payload) {
    public String method() {
      return metadata == null ? "data" : metadata.method();
    }

    public JsonNode params() {
      return metadata.params();
    }
  }

  public Peer(int port) throws IOException {
    this(port, 0);
  }

  /** With a receive buffer of about the given size; 0 for the usual one. */
  public Peer(int port, int receiveBufferBytes) throws IOException {
    this(connected(port, receiveBufferBytes));
  }

  /** On a connection of whatever kind. */
  public Peer(Socket connected) throws IOException {
    socket = connected;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  private static Socket connected(int port, int receiveBufferBytes) throws IOException {
    Socket socket = new Socket();
    if (receiveBufferBytes > 0) {
      socket.setReceiveBufferSize(receiveBufferBytes);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return socket;
  }

  /** Connects, upgrades and reads the greeting up to and with {@code available}. */
  public static Peer connect(int port, String... headers) throws Exception {
    return new Peer(port).greeted(headers);
  }

  /** Upgrades and reads the greeting up to and with {@code available}. */
  public Peer greeted(String... headers) throws Exception {
    upgrade("/", headers);
    next("apiVersion");
    sessionId = next("init").params().path("streamId").textValue();
    next("available");
    return this;
  }

  public String upgrade(String path, String... headers) throws IOException {
    write(
        "GET "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList())
            + "\r\n");
    return readHead();
  }

  public void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** The HTTP status line and headers. */
  public String readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("connection closed in: " + head);
      }
      head.append((char) c);
    }
    return head.toString();
  }

  public Frame readFrame() throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    long length = second & 0x7F;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    return new Frame(first, second, ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** Reads whatever comes until the connection ends. */
  public void readFramesToEnd() {
    try {
      while (true) {
        readFrame();
      }
    } catch (IOException e) {
      // closed
    }
  }

  /** Asks for messages of several packets, and takes them from now on. */
  public void deliver(Delivery wanted) throws IOException {
    takesMany = true;
    answersMarks = true;
    send(wanted.toMetadata());
  }

  public Packet read() throws IOException, ProtocolException {
    Packet packet = readPacket();
    while (answersMarks && packet.method().equals(Mark.METHOD)) {
      send(new Reached(Mark.parse(packet.params()).number()).toMetadata());
      packet = readPacket();
    }
    return packet;
  }

  private Packet readPacket() throws IOException {
    if (packets.isEmpty()) {
      Frame frame = readFrame();
      if (frame.opcode() != FrameHeader.BINARY || frame.firstByte() >= 0x90) {
        throw new IOException("opcode " + frame.opcode() + ", code " + frame.closeCode());
      }
      int bytes = frame.payload().remaining();
      reader.readMessage(frame.payload());
      messages++;
      long unread = reader.truncatedPackets() + reader.unknownPackets() + reader.oversizePackets();
      if (unread > 0 || packets.isEmpty() || (packets.size() > 1 && !takesMany)) {
        throw new IOException(packets.size() + " packets in a message of " + bytes + " B");
      }
    }
    return packets.remove();
  }

  private void take(int signo, int type, ByteBuffer payload) {
    ByteBuffer bytes = payload.slice().order(ByteOrder.LITTLE_ENDIAN); // of a frame of its own
    try {
      packets.add(
          type == PacketHeader.METADATA
              ? new Packet(signo, MetadataCodec.decode(bytes, Limits.DEFAULT), null)
              : new Packet(signo, null, bytes));
    } catch (ProtocolException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next packet, which must be the named message, or {@code data}. */
  public Packet next(String method) throws IOException, ProtocolException {
    Packet packet = read();
    if (!packet.method().equals(method)) {
      throw new AssertionError("expected " + method + " but got " + packet);
    }
    return packet;
  }

  public void send(int firstByte, byte[] payload, boolean masked) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
    if (masked) {
      FrameHeader.putMasked(frame, firstByte & 0x0F, ByteBuffer.wrap(payload), 0x12345678);
    } else {
      FrameHeader.put(frame, firstByte & 0x0F, payload.length);
      frame.put(payload);
    }
    frame.put(0, (byte) firstByte);
    byte[] bytes = new byte[frame.position()];
    frame.flip().get(bytes);
    write(bytes);
  }

  public void send(Metadata metadata) throws IOException {
    send(0x82, MetadataCodec.packet(0, metadata), true);
  }

  /** Answer of a POST: status line, headers and body. */
  public static String post(int port, String body) throws IOException {
    return new Peer(port).post(body);
  }

  /** Its answer to a POST, after which it is closed. */
  public String post(String body) throws IOException {
    try (this) {
      write(
          "POST / HTTP/1.1\r\n"
              + "Host: localhost\r\n"
              + "Content-Type: application/json\r\n"
              + "Connection: close\r\n"
              + "Content-Length: "
              + body.getBytes(StandardCharsets.UTF_8).length
              + "\r\n\r\n"
              + body);
      return readToEnd();
    }
  }

  public String command(int port, String command, String... signalIds) throws IOException {
    return command(new Peer(port), command, signalIds);
  }

  /** As above, on a connection that is fresh. */
  public String command(Peer connection, String command, String... signalIds) throws IOException {
    List<String> quoted = new ArrayList<>();
    for (String signalId : signalIds) {
      quoted.add('"' + signalId + '"');
    }
    return connection.post(
        "{\"id\":1,\"jsonrpc\":\"2.0\",\"method\":\""
            + sessionId
            + "."
            + command
            + "\",\"params\":["
            + String.join(",", quoted)
            + "]}");
  }

  /** Reads bytes that do not matter. */
  public void skip(int bytes) throws IOException {
    in.skipNBytes(bytes);
  }

  public String readToEnd() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream source = in;
    source.transferTo(all);
    return all.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
