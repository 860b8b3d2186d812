/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** Speaks the wire by hand: whatever bytes a test likes. */
public final class RawModule implements AutoCloseable {
  private static final long TIMEOUT_MS = 20_000;

  /** As in the drawing, but for the instance's name. */
  public static final String HELLO =
      "29000000 01 44515352 0100 0000 67120000 00040000 00001000 0600 63616d657261 0000 0800"
          + " 6a61766120302e31";

  private final SocketChannel channel;
  private final Selector selector;

  public RawModule(Path socket) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    channel.configureBlocking(false);
    selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
  }

  /** Sends what is written in hexadecimal digits; waits for room. */
  public RawModule send(String hex) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        Thread.onSpinWait();
      }
    }
    return this;
  }

  /** Sends as much of it as there is room for; how many bytes. */
  public int trySend(byte[] bytes) throws IOException {
    return channel.write(ByteBuffer.wrap(bytes));
  }

  private byte[] read(int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
    while (bytes.hasRemaining()) {
      int read = channel.read(bytes);
      if (read < 0) {
        throw new EOFException();
      }
      if (read == 0) {
        if (System.nanoTime() - end > 0) {
          throw new IOException("nothing came");
        }
        selector.select(100);
        selector.selectedKeys().clear();
      }
    }
    return bytes.array();
  }

  /** The next frame, with its length, in hexadecimal digits. */
  public String frame() throws IOException {
    byte[] length = read(4);
    int count = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
    byte[] body = read(count);
    byte[] all = Arrays.copyOf(length, 4 + count);
    System.arraycopy(body, 0, all, 4, count);
    return HexFormat.of().formatHex(all);
  }

  /** Reads to the end: the result and the reason of the last frame, which says REFUSED. */
  public String refusal() throws IOException {
    String last = "";
    try {
      while (true) {
        last = frame();
      }
    } catch (EOFException e) {
      byte[] bytes = HexFormat.of().parseHex(last);
      if (bytes.length < 8 || (bytes[4] & 0xFF) != 0x82) {
        return "no REFUSED but " + last;
      }
      return bytes[5] + " " + new String(bytes, 8, bytes.length - 8, StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    selector.close();
  }
}
