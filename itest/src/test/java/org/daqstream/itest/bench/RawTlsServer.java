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
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * The limit to compare with inside TLS: Java's {@code SSLEngine} encrypts frames that were encoded
 * once, 16 KiB at a time, and each record is written to the socket.
 */
final class RawTlsServer implements AutoCloseable {
  private static final int WRAP_BYTES = 16 * 1024;
  private static final String HOST = "127.0.0.1";

  private final ServerSocketChannel listener =
      ServerSocketChannel.open()
          .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
  private final SSLContext context;
  private final List<Client> clients = new ArrayList<>();
  private Thread writer;
  private volatile boolean stopped;

  /** A connection, and how far it has come. */
  private static final class Client {
    final SocketChannel channel;
    final SSLEngine engine;
    final ByteBuffer record;
    ByteBuffer frames;

    Client(SocketChannel channel, SSLEngine engine) {
      this.channel = channel;
      this.engine = engine;
      record = ByteBuffer.allocateDirect(2 * engine.getSession().getPacketBufferSize()).limit(0);
    }

    /** Until both have what they need; the channel waits. */
    void shakeHands() throws IOException {
      ByteBuffer input = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).limit(0);
      ByteBuffer nothing = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
      engine.setUseClientMode(false);
      engine.beginHandshake();
      for (HandshakeStatus status = engine.getHandshakeStatus();
          status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED;
          status = engine.getHandshakeStatus()) {
        switch (status) {
          case NEED_TASK -> engine.getDelegatedTask().run();
          case NEED_WRAP -> {
            engine.wrap(nothing.limit(0), record.clear());
            record.flip();
            while (record.hasRemaining()) {
              channel.write(record);
            }
          }
          default -> {
            int before = input.remaining();
            engine.unwrap(input, nothing.clear());
            if (input.remaining() == before) {
              input.compact();
              if (channel.read(input) < 0) {
                throw new IOException("the sink went away");
              }
              input.flip();
            }
          }
        }
      }
    }

    void write() throws IOException {
      if (!record.hasRemaining()) {
        if (!frames.hasRemaining()) {
          frames.rewind();
        }
        int end = frames.limit();
        frames.limit(Math.min(end, frames.position() + WRAP_BYTES));
        record.clear();
        while (frames.hasRemaining()) { // a little more than fits into one record
          engine.wrap(frames, record);
        }
        record.flip();
        frames.limit(end);
      }
      channel.write(record);
    }
  }

  RawTlsServer(SSLContext context) throws IOException {
    this.context = context;
  }

  Endpoint endpoint() {
    return new Endpoint(HOST, listener.socket().getLocalPort(), true);
  }

  /** Accepts clients that are connecting. */
  void accept(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      SocketChannel channel = listener.accept();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Client client = new Client(channel, context.createSSLEngine());
      client.shakeHands();
      channel.configureBlocking(false);
      clients.add(client);
    }
  }

  /** Starts to send frames to all clients, as fast as they take them. */
  void saturate(ByteBuffer frames) {
    writer = new Thread(() -> runSaturate(frames), "raw-tls");
    writer.start();
  }

  private void runSaturate(ByteBuffer frames) {
    try (Selector selector = Selector.open()) {
      for (Client client : clients) {
        client.frames = frames.duplicate();
        client.channel.register(selector, SelectionKey.OP_WRITE, client);
      }
      while (!stopped) {
        selector.select(100);
        for (SelectionKey key : selector.selectedKeys()) {
          ((Client) key.attachment()).write();
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException e) {
      throw new IllegalStateException("raw writer", e);
    }
  }

  /** Ends {@link #saturate}. */
  void stop() {
    stopped = true;
    Pause.untilEnd(writer);
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.channel.close();
    }
    listener.close();
  }
}
