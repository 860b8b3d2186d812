/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** Hex text to buffers and back, blanks and bars ignored. */
final class Bytes {
  private Bytes() {}

  static byte[] of(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("[ |\n]", ""));
  }

  static ByteBuffer buffer(String hex) {
    return ByteBuffer.wrap(of(hex)).order(ByteOrder.LITTLE_ENDIAN);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** What was put into a buffer. */
  static String written(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.position()];
    buffer.get(0, bytes);
    return hex(bytes);
  }

  static String plain(String hex) {
    return hex(of(hex));
  }

  /** The message in a metadata packet. */
  static Metadata message(String packetHex) throws ProtocolException {
    Metadata[] found = new Metadata[1];
    ProtocolException[] failure = new ProtocolException[1];
    PacketReader reader =
        new PacketReader(
            Limits.DEFAULT,
            (signo, type, payload) -> {
              try {
                found[0] = MetadataCodec.decode(payload, Limits.DEFAULT);
              } catch (ProtocolException e) {
                failure[0] = e;
              }
            });
    reader.readMessage(buffer(packetHex));
    if (failure[0] != null) {
      throw failure[0];
    }
    return found[0];
  }
}
