/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import org.daqstream.protocol.Available;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.FrameReader;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.Upgrade;

/** A client on a plain socket that comes, takes some data and leaves in one of several ways. */
final class LeavingClient implements FrameReader.Target, AutoCloseable {
  private static final int TIMEOUT_MS = 20_000;
  private static final int MASK = 0x12345678;
  private static final int BUFFER_BYTES = 256 << 10;

  private final Socket socket;
  private final ReadableByteChannel in;
  private final OutputStream out;
  private final ByteBuffer input = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private final FrameReader frames = new FrameReader(this);
  private final PacketReader reader = new PacketReader(Limits.DEFAULT, this::packet);
  private final String streamId;

  /** Messages that came and were not looked at. */
  private final Queue<Metadata> messages = new ArrayDeque<>();

  private int dataPackets;

  /** How a client leaves. */
  enum Farewell {
    /** With the closing handshake. */
    CLOSE,
    /** By closing the connection. */
    END,
    /** By a reset, with data unread. */
    RESET,
    /** By a reset in the middle of a frame of its own. */
    RESET_IN_FRAME
  }

  /** Connects as a client of the family that is known by this {@code User-Agent}. */
  LeavingClient(int port, String userAgent) throws IOException, ProtocolException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MS);
    in = Channels.newChannel(socket.getInputStream());
    out = socket.getOutputStream();
    String key = Upgrade.newKey(new SplittableRandom());
    out.write(Upgrade.request(URI.create("ws://localhost:" + port + "/"), key, userAgent, ""));
    do {
      fill();
    } while (!Upgrade.isAccepted(input, key));
    frames.read(input);
    streamId = Init.parse(await(Init.METHOD).params()).streamId();
    await(Available.METHOD);
  }

  /** Subscribes in-band and takes so many data packets. */
  void take(List<String> signalIds, int packets) throws IOException, ProtocolException {
    byte[] packet =
        MetadataCodec.packet(
            0, CommandRequest.of(1, streamId, CommandRequest.SUBSCRIBE, signalIds).toMetadata());
    send(FrameHeader.BINARY, packet);
    int wanted = dataPackets + packets;
    while (dataPackets < wanted) {
      receive();
    }
  }

  private Metadata await(String method) throws IOException, ProtocolException {
    while (true) {
      while (messages.isEmpty()) {
        receive();
      }
      Metadata next = messages.remove();
      if (next.method().equals(method)) {
        return next;
      }
    }
  }

  private void receive() throws IOException, ProtocolException {
    fill();
    frames.read(input);
  }

  /** Waits for bytes, which come behind those that were not taken. */
  private void fill() throws IOException {
    int count = in.read(input.compact());
    input.flip();
    if (count < 0) {
      throw new EOFException("the server has closed the connection");
    }
  }

  @Override
  public void message(ByteBuffer part, boolean startsMessage) {
    reader.read(part, startsMessage);
  }

  @Override
  public void control(int opcode, ByteBuffer payload) {
    // Its pings have no answer, and after a close comes the end.
  }

  private void packet(int signo, int type, ByteBuffer payload) {
    if (type != PacketHeader.METADATA) {
      dataPackets++;
      return;
    }
    try {
      messages.add(MetadataCodec.decode(payload, Limits.DEFAULT));
    } catch (ProtocolException e) {
      throw new IllegalStateException(e);
    }
  }

  private void send(int opcode, byte[] payload) throws IOException {
    ByteBuffer frame =
        ByteBuffer.allocate(
            FrameHeader.bytes(payload.length) + FrameHeader.MASK_BYTES + payload.length);
    FrameHeader.putMasked(frame, opcode, ByteBuffer.wrap(payload), MASK);
    out.write(frame.array());
  }

  void leave(Farewell farewell) throws IOException, ProtocolException {
    switch (farewell) {
      case CLOSE -> {
        send(FrameHeader.CLOSE, new byte[0]);
        readToEnd();
      }
      case END -> socket.shutdownOutput();
      case RESET -> socket.setSoLinger(true, 0);
      case RESET_IN_FRAME -> {
        ByteBuffer header = ByteBuffer.allocate(8);
        FrameHeader.putMasked(header, FrameHeader.BINARY, 1 << 8, MASK);
        out.write(header.array(), 0, 3); // which ends within its length
        socket.setSoLinger(true, 0);
      }
    }
    socket.close();
  }

  private void readToEnd() throws IOException, ProtocolException {
    try {
      while (true) {
        receive();
      }
    } catch (EOFException | SocketException e) {
      // the server has closed
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
