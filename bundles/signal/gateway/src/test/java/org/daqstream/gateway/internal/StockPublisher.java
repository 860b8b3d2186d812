/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.FrameReader;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.Unsubscribe;
import org.daqstream.protocol.Upgrade;

/** Says byte by byte what a stock client of the ws-streaming family was heard saying. */
final class StockPublisher implements FrameReader.Target, AutoCloseable {
  private static final int GREETING = 3;
  private static final int ACKNOWLEDGEMENTS = 4;
  private static final int INPUT_BYTES = 64 << 10;
  private static final String KEY = "MTc5NTMzNDAyNzQ0NzQzMQ==";

  private final Socket socket;
  private final ReadableByteChannel in;
  private final OutputStream out;
  private final List<byte[]> frames;
  private final PacketReader packets = new PacketReader(Limits.DEFAULT, this::packet);
  private volatile boolean isSubscribed;

  StockPublisher(int port) throws IOException {
    try (InputStream file = getClass().getResourceAsStream("stock-client-publishes.txt")) {
      frames =
          new String(file.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .map(HexFormat.of()::parseHex)
              .toList();
    }
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    in = Channels.newChannel(socket.getInputStream());
    out = socket.getOutputStream();
    out.write(
        ("GET / HTTP/1.1\r\nConnection: Upgrade\r\nHost: 127.0.0.1\r\n"
                + "Sec-WebSocket-Key: "
                + KEY
                + "\r\nSec-WebSocket-Version: 13\r\n"
                + "Upgrade: websocket\r\nUser-Agent: ws-streaming/3.0.2 Boost.Beast/345\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    Thread reader = new Thread(this::listen, "stock-publisher");
    reader.setDaemon(true);
    reader.start();
  }

  private synchronized void send(int from, int count) throws IOException {
    for (byte[] each : frames.subList(from, from + count)) {
      out.write(each);
    }
  }

  private synchronized void say(int signo, Metadata message) throws IOException {
    byte[] packet = MetadataCodec.packet(signo, message);
    ByteBuffer frame = ByteBuffer.allocate(packet.length + 10);
    FrameHeader.putBinary(frame, packet.length);
    frame.put(packet);
    out.write(frame.array(), 0, frame.position());
  }

  private void listen() {
    ByteBuffer input = ByteBuffer.allocate(INPUT_BYTES).limit(0);
    try {
      do {
        fill(input);
      } while (!Upgrade.isAccepted(input, KEY));
      FrameReader frames = new FrameReader(this);
      while (true) {
        frames.read(input);
        fill(input);
      }
    } catch (IOException e) {
      // It is over.
    } catch (ProtocolException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fill(ByteBuffer input) throws IOException {
    int count = in.read(input.compact());
    input.flip();
    if (count < 0) {
      throw new EOFException("the server has closed the connection");
    }
  }

  @Override
  public void message(ByteBuffer part, boolean startsMessage) {
    packets.read(part, startsMessage);
  }

  @Override
  public void control(int opcode, ByteBuffer payload) {
    // It answers no pings.
  }

  private void packet(int signo, int type, ByteBuffer payload) {
    try {
      Metadata message = MetadataCodec.decode(payload, Limits.DEFAULT);
      if (message.method().equals("init")) {
        send(0, GREETING);
      } else if (message.method().equals(CommandRequest.METHOD)) {
        command(CommandRequest.parse(message.params()));
      }
    } catch (ProtocolException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As that family: an acknowledgement for the first subscription only. */
  private void command(CommandRequest request) throws IOException {
    boolean subscribes = request.method().equals("127.0.0.1:7414.subscribe");
    if (request.signalIds().contains("/Value") && subscribes != isSubscribed) {
      if (subscribes) {
        send(GREETING, ACKNOWLEDGEMENTS);
      } else {
        say(2, new Unsubscribe("/Value").toMetadata());
        say(1, new Unsubscribe("/Time").toMetadata());
      }
      isSubscribed = subscribes;
    }
    List<Boolean> results = request.signalIds().stream().map(each -> true).toList();
    say(0, CommandResponse.results(request.id(), results).toMetadata());
  }

  boolean isSubscribed() {
    return isSubscribed;
  }

  /** Sends the start of the line, and three blocks of a hundred samples. */
  void sendData() throws IOException {
    int first = GREETING + ACKNOWLEDGEMENTS;
    send(first, frames.size() - first);
  }

  synchronized void sendHalfAFrame() throws IOException {
    byte[] last = frames.get(frames.size() - 1);
    out.write(last, 0, last.length / 2);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
