/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.FrameReader;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.Subscribe;
import org.daqstream.protocol.Upgrade;

/** A blocking client on a plain socket, to set up what the sinks then receive without blocking. */
final class StreamPeer implements FrameReader.Target, AutoCloseable {
  private static final int BUFFER_BYTES = 512 * 1024;

  private final ByteChannel channel;
  private final ByteBuffer input = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private final String host;
  private final String streamId;
  private final int commandPort;
  private final List<Integer> signos = new ArrayList<>();
  private SocketChannel commands;
  private long requestId;
  private final Queue<Packet> packets = new ArrayDeque<>(); // that came and were not looked at
  private final FrameReader frames = new FrameReader(this);
  private final PacketReader reader = new PacketReader(Limits.DEFAULT, this::packet);

  /** Connects as a stock client does and waits for the greeting. */
  StreamPeer(String host, int port) throws IOException, ProtocolException {
    this(host, port, "");
  }

  /** Connects as one of our own clients does, if a {@code User-Agent} is given. */
  StreamPeer(String host, int port, String userAgent) throws IOException, ProtocolException {
    this(connect(host, port), host, port, userAgent);
  }

  /** On a connection of whatever kind. */
  StreamPeer(ByteChannel connected, String host, int port, String userAgent)
      throws IOException, ProtocolException {
    this.host = host;
    channel = connected;
    String key = Upgrade.newKey(new SplittableRandom());
    URI server = URI.create("ws://" + host + ":" + port + "/");
    send(channel, ByteBuffer.wrap(Upgrade.request(server, key, userAgent, "")));
    do {
      fill(channel, input);
    } while (!Upgrade.isAccepted(input, key));
    frames.read(input);
    Init init = Init.parse(await(Init.METHOD).params());
    streamId = init.streamId();
    commandPort =
        init.commandInterfaces().interfaces().stream()
            .filter(CommandInterface::isHttp)
            .mapToInt(CommandInterface::portNumber)
            .findFirst()
            .orElseThrow();
    await(Available.METHOD);
  }

  static SocketChannel connect(String host, int port) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress(host, port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  /** The connection, to be used instead of this object; {@link #takeInput} comes before it. */
  SocketChannel channel() {
    return (SocketChannel) channel;
  }

  /** The beginning of a frame that was not whole; data before it are gone. */
  ByteBuffer takeInput() {
    return input.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Sends a command in-band and waits for its response and for one acknowledgement per signal. */
  void command(String command, List<String> signalIds) throws IOException, ProtocolException {
    byte[] packet =
        MetadataCodec.packet(
            0, CommandRequest.of(++requestId, streamId, command, signalIds).toMetadata());
    ByteBuffer frame =
        ByteBuffer.allocate(
            FrameHeader.bytes(packet.length) + FrameHeader.MASK_BYTES + packet.length);
    FrameHeader.putMasked(frame, FrameHeader.BINARY, ByteBuffer.wrap(packet), 0);
    send(channel, frame.flip());
    Set<String> missing = new HashSet<>();
    signalIds.forEach(id -> missing.add(id.replace("?contract=gap", ""))); // told by its plain id
    boolean answered = false;
    while (!answered || (!missing.isEmpty() && command.equals(CommandRequest.SUBSCRIBE))) {
      Packet next = next();
      if (next.is(CommandResponse.METHOD)) {
        answered = true;
      } else if (next.is(Subscribe.METHOD)
          && missing.remove(Subscribe.parse(next.metadata.params()).signalId())) {
        signos.add(next.signo);
      }
    }
  }

  /** Throws away what came of the stream: a client that does not read is disconnected in time. */
  void discardStream() throws IOException {
    ByteBuffer rubbish = ByteBuffer.allocate(1 << 16);
    channel().configureBlocking(false);
    while (channel.read(rubbish) > 0) {
      rubbish.clear();
    }
    channel().configureBlocking(true);
  }

  /** Sends a command by HTTP, on one connection for all, and waits for the answer. */
  void commandByHttp(String command, List<String> signalIds) throws IOException {
    if (commands == null) {
      commands = connect(host, commandPort);
    }
    byte[] body =
        "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s.%s\",\"params\":[\"%s\"]}"
            .formatted(++requestId, streamId, command, String.join("\",\"", signalIds))
            .getBytes(ISO_8859_1);
    byte[] head =
        "POST / HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(host, commandPort, body.length)
            .getBytes(ISO_8859_1);
    send(commands, ByteBuffer.allocate(head.length + body.length).put(head).put(body).flip());
    ByteBuffer answer = ByteBuffer.allocate(4096).limit(0);
    String answerHead = readHttpHead(commands, answer);
    if (!answerHead.startsWith("HTTP/1.1 200")) {
      throw new IOException(command + " " + signalIds + ": " + answerHead);
    }
    require(commands, answer, CommandResponse.HTTP_SUCCESS.length());
  }

  /** Numbers of the signals whose subscription was acknowledged. */
  List<Integer> signos() {
    return signos;
  }

  private record Packet(int signo, Metadata metadata) {
    boolean is(String method) {
      return metadata != null && metadata.method().equals(method);
    }
  }

  private Metadata await(String method) throws IOException, ProtocolException {
    Packet packet = next();
    while (!packet.is(method)) {
      packet = next();
    }
    return packet.metadata;
  }

  private Packet next() throws IOException, ProtocolException {
    while (packets.isEmpty()) {
      fill(channel, input);
      frames.read(input);
    }
    return packets.remove();
  }

  @Override
  public void message(ByteBuffer part, boolean startsMessage) {
    reader.read(part, startsMessage);
  }

  @Override
  public void control(int opcode, ByteBuffer payload) {
    // Nobody waits for the answer to a ping.
  }

  private void packet(int signo, int type, ByteBuffer payload) {
    try {
      packets.add(
          new Packet(
              signo,
              type == PacketHeader.METADATA
                  ? MetadataCodec.decode(payload, Limits.DEFAULT)
                  : null));
    } catch (ProtocolException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String readHttpHead(ByteChannel from, ByteBuffer input) throws IOException {
    for (int length = 4; ; length++) {
      require(from, input, length);
      if (input.getInt(input.position() + length - 4) == 0x0D0A0D0A) {
        byte[] head = new byte[length];
        input.get(head);
        return new String(head, ISO_8859_1);
      }
    }
  }

  private static void require(ByteChannel from, ByteBuffer input, int bytes) throws IOException {
    while (input.remaining() < bytes) {
      fill(from, input);
    }
  }

  private static void fill(ByteChannel from, ByteBuffer input) throws IOException {
    input.compact();
    int got = from.read(input);
    input.flip();
    if (got < 0) {
      throw new IOException("connection closed by the server");
    }
  }

  private static void send(ByteChannel to, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (commands != null) {
      commands.close();
    }
  }
}
