/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** The records of a file: the size of the body, the body and its checksum. */
final class Records implements Closeable {
  /** First byte of a body with facts: texts with keys, of which later ones replace earlier ones. */
  static final byte FACTS = 'F';

  /** First byte of a body with a row. */
  static final byte ROW = 'R';

  private static final int FRAME_BYTES = 8;

  private final long fileBytes;
  private final DataInputStream in;
  private long end;

  Records(Path file) throws IOException {
    fileBytes = Files.size(file);
    in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
  }

  static void write(DataOutputStream out, byte[] body) throws IOException {
    out.writeInt(body.length);
    out.write(body);
    out.writeInt(checksum(body));
  }

  private static int checksum(byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(body);
    return (int) crc.getValue();
  }

  /** The body of the next record that is whole, {@code null} where there is none. */
  ByteBuffer next() throws IOException {
    long left = fileBytes - end - FRAME_BYTES;
    int size = left < 0 ? 0 : in.readInt();
    if (size <= 0 || size > left) {
      return null;
    }
    byte[] body = in.readNBytes(size);
    if (in.readInt() != checksum(body)) {
      return null;
    }
    end += FRAME_BYTES + size;
    return ByteBuffer.wrap(body);
  }

  /** Where the last record ends. */
  long end() {
    return end;
  }

  /** All facts; the records are read then. */
  Map<String, String> facts() throws IOException {
    Map<String, String> facts = new TreeMap<>();
    for (ByteBuffer body = next(); body != null; body = next()) {
      if (body.get() == FACTS) {
        while (body.hasRemaining()) {
          facts.put(text(body), text(body));
        }
      }
    }
    return facts;
  }

  static void putText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(ByteBuffer body) {
    byte[] bytes = new byte[body.getInt()];
    body.get(bytes);
    return new String(bytes, UTF_8);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
