/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.protocol.FrameHeader;
import org.daqstream.protocol.PacketHeader;

/**
 * The limit to compare with: sends frames that were encoded once, by plain NIO with as many frames
 * in a write as fit, to all clients.
 */
final class RawServer implements AutoCloseable {
  /** Signal number of the frames. */
  static final int SIGNO = 1;

  private static final int WRITE_BYTES = 512 * 1024;
  private static final String HOST = "127.0.0.1";

  private final ServerSocketChannel listener =
      ServerSocketChannel.open()
          .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
  private final List<SocketChannel> clients = new ArrayList<>();
  private Thread writer;
  private volatile boolean stopped;

  RawServer() throws IOException {}

  Endpoint endpoint() {
    return new Endpoint(HOST, listener.socket().getLocalPort());
  }

  /** Accepts clients that are connecting. */
  void accept(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      SocketChannel client = listener.accept();
      client.setOption(StandardSocketOptions.TCP_NODELAY, true);
      client.configureBlocking(false);
      clients.add(client);
    }
  }

  /** How many packets {@link #frames} makes. */
  static int packets(int payloadBytes) {
    return Math.max(1, WRITE_BYTES / frameBytes(payloadBytes));
  }

  static int frameBytes(int payloadBytes) {
    int packetBytes = PacketHeader.bytes(payloadBytes) + payloadBytes;
    return FrameHeader.bytes(packetBytes) + packetBytes;
  }

  /** Frames with one block of data each, numbered from 0. */
  static ByteBuffer frames(int payloadBytes, int packets) {
    ByteBuffer frames =
        ByteBuffer.allocateDirect(packets * frameBytes(payloadBytes))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < packets; i++) {
      FrameHeader.putBinary(frames, PacketHeader.bytes(payloadBytes) + payloadBytes);
      PacketHeader.put(frames, SIGNO, PacketHeader.DATA, payloadBytes);
      frames.putLong(frames.position(), i);
      frames.position(frames.position() + payloadBytes);
    }
    return frames.flip();
  }

  /** Starts to send frames to all clients, as fast as they take them. */
  void saturate(ByteBuffer frames) {
    writer = new Thread(() -> runSaturate(frames), "raw");
    writer.start();
  }

  private void runSaturate(ByteBuffer frames) {
    try (Selector selector = Selector.open()) {
      for (SocketChannel client : clients) {
        client.register(selector, SelectionKey.OP_WRITE, frames.duplicate());
      }
      while (!stopped) {
        selector.select(100);
        for (SelectionKey key : selector.selectedKeys()) {
          ByteBuffer left = (ByteBuffer) key.attachment();
          ((SocketChannel) key.channel()).write(left);
          if (!left.hasRemaining()) {
            left.rewind();
          }
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException e) {
      throw new IllegalStateException("raw writer", e);
    }
  }

  /** Sends one frame to each client, which must have room for it. */
  void writeToAll(ByteBuffer frame) throws IOException {
    for (SocketChannel client : clients) {
      client.write(frame.rewind());
      if (frame.hasRemaining()) {
        throw new IOException("a raw client has no room");
      }
    }
  }

  /** Ends {@link #saturate}. */
  void stop() {
    stopped = true;
    Pause.untilEnd(writer);
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel client : clients) {
      client.close();
    }
    listener.close();
  }
}
