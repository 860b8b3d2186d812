/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.console.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * What client and server say to each other: a byte for the kind, four for the length, the content.
 * After each {@link #COMMAND} the server sends any number of {@link #OUT} and {@link #ERR}, then
 * one {@link #EXIT}.
 */
final class ConsoleFrame {
  /** To the server: the words of a command, separated by NUL. */
  static final byte COMMAND = 'c';

  /** To the client: bytes for its standard output. */
  static final byte OUT = 'o';

  /** To the client: bytes for its standard error output. */
  static final byte ERR = 'e';

  /** To the client: the command has ended; one byte, its exit code. */
  static final byte EXIT = 'x';

  static final int LIMIT_BYTES = 1 << 20;

  private static final int HEAD_BYTES = Byte.BYTES + Integer.BYTES;

  private final byte kind;
  private final byte[] content;

  /** The content belongs to the frame from now on. */
  ConsoleFrame(byte kind, byte[] content) {
    this.kind = kind;
    this.content = content;
  }

  static ConsoleFrame command(String... words) {
    return new ConsoleFrame(COMMAND, String.join("\0", words).getBytes(UTF_8));
  }

  static ConsoleFrame exit(int code) {
    return new ConsoleFrame(EXIT, new byte[] {(byte) code});
  }

  /** Whether the other side would not take it. */
  boolean isTooLong() {
    return content.length > LIMIT_BYTES;
  }

  byte kind() {
    return kind;
  }

  void print(PrintStream stream) {
    stream.write(content, 0, content.length);
  }

  String[] words() {
    return new String(content, UTF_8).split("\0", -1);
  }

  int exitCode() {
    return content.length == 1 ? content[0] : ConsoleClient.FAILED;
  }

  /** Blocks until all is written. */
  void writeTo(WritableByteChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + content.length);
    bytes.put(kind).putInt(content.length).put(content).flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * Blocks for the next frame; null when the other side has ended. One that is cut off or longer
   * than {@link #LIMIT_BYTES} is an error.
   */
  static ConsoleFrame readFrom(ReadableByteChannel channel) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    if (channel.read(head) < 0) {
      return null;
    }
    fill(head, channel);
    byte kind = head.get();
    int length = head.getInt();
    if (length < 0 || length > LIMIT_BYTES) {
      throw new IOException("frame of " + length + " bytes; at most " + LIMIT_BYTES);
    }
    byte[] content = new byte[length];
    fill(ByteBuffer.wrap(content), channel);
    return new ConsoleFrame(kind, content);
  }

  private static void fill(ByteBuffer bytes, ReadableByteChannel channel) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("frame cut off, " + bytes.remaining() + " bytes are missing");
      }
    }
    bytes.flip();
  }
}
