/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.Init;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.ProtocolException;

/** A client on a plain socket that comes, takes some data and leaves in one of several ways. */
final class LeavingClient implements AutoCloseable {
  private static final int TIMEOUT_MS = 20_000;
  private static final int MASK = 0x12345678;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final String streamId;

  /** Metadata; empty for data. */
  private final Queue<byte[]> packets = new ArrayDeque<>();

  private final PacketReader reader = new PacketReader(Limits.DEFAULT, this::packet);

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
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    out.write(
        ("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + "User-Agent: "
                + userAgent
                + "\r\n\r\n")
            .getBytes(ISO_8859_1));
    readHead();
    streamId = Init.parse(await(Init.METHOD).params()).streamId();
    await("available");
  }

  private void readHead() throws IOException {
    for (int last = 0; last != 0x0D0A0D0A; ) {
      last = last << 8 | in.readUnsignedByte();
    }
  }

  /** Subscribes in-band and takes so many data packets. */
  void take(List<String> signalIds, int packets) throws IOException, ProtocolException {
    byte[] packet =
        MetadataCodec.packet(
            0, CommandRequest.of(1, streamId, CommandRequest.SUBSCRIBE, signalIds).toMetadata());
    ByteBuffer frame = ByteBuffer.allocate(packet.length + 14);
    FrameHeader.putMasked(frame, FrameHeader.BINARY, packet.length, MASK);
    ByteBuffer masked = ByteBuffer.wrap(packet);
    FrameHeader.mask(masked, MASK);
    frame.put(masked.clear());
    out.write(frame.array(), 0, frame.position());
    for (int count = 0; count < packets; ) {
      if (next() == null) {
        count++;
      }
    }
  }

  private Metadata await(String method) throws IOException, ProtocolException {
    Metadata metadata = next();
    while (metadata == null || !metadata.method().equals(method)) {
      metadata = next();
    }
    return metadata;
  }

  /** The next metadata, {@code null} for a data packet. */
  private Metadata next() throws IOException, ProtocolException {
    while (packets.isEmpty()) {
      reader.readMessage(readFrame());
    }
    byte[] metadata = packets.remove();
    return metadata.length == 0
        ? null
        : MetadataCodec.decode(ByteBuffer.wrap(metadata), Limits.DEFAULT);
  }

  private void packet(int signo, int type, ByteBuffer payload) {
    byte[] metadata = new byte[type == PacketHeader.METADATA ? payload.remaining() : 0];
    payload.get(metadata);
    packets.add(metadata);
  }

  private ByteBuffer readFrame() throws IOException {
    in.readUnsignedByte();
    int shortLength = in.readUnsignedByte();
    long length =
        shortLength == 127
            ? in.readLong()
            : shortLength == 126 ? in.readUnsignedShort() : shortLength;
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    return ByteBuffer.wrap(payload);
  }

  void leave(Farewell farewell) throws IOException {
    switch (farewell) {
      case CLOSE -> {
        out.write(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
        readToEnd();
      }
      case END -> socket.shutdownOutput();
      case RESET -> socket.setSoLinger(true, 0);
      case RESET_IN_FRAME -> {
        out.write(new byte[] {(byte) 0x82, (byte) 0xFE, 1});
        socket.setSoLinger(true, 0);
      }
    }
    socket.close();
  }

  private void readToEnd() throws IOException {
    try {
      while (true) {
        readFrame();
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
