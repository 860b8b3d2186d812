/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.writer.support;

import java.nio.ByteBuffer;

/** Encodes texts as UTF-8 without allocating; half a surrogate pair becomes a question mark. */
final class Utf8 {
  private static final int ONE_BYTE_END = 0x80;
  private static final int TWO_BYTES_END = 0x800;

  private Utf8() {}

  /** Length of the encoded text. */
  static int bytes(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ONE_BYTE_END) {
        bytes++;
      } else if (c < TWO_BYTES_END) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (isPair(text, i)) {
        bytes += 4;
        i++;
      } else {
        bytes++;
      }
    }
    return Math.toIntExact(bytes);
  }

  /** Puts the encoded text. */
  static void put(String text, ByteBuffer target) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ONE_BYTE_END) {
        target.put((byte) c);
      } else if (c < TWO_BYTES_END) {
        target.put((byte) (0xC0 | (c >> 6)));
        putTail(target, c);
      } else if (!Character.isSurrogate(c)) {
        target.put((byte) (0xE0 | (c >> 12)));
        putTail(target, c >> 6);
        putTail(target, c);
      } else if (isPair(text, i)) {
        int point = text.codePointAt(i++);
        target.put((byte) (0xF0 | (point >> 18)));
        putTail(target, point >> 12);
        putTail(target, point >> 6);
        putTail(target, point);
      } else {
        target.put((byte) '?');
      }
    }
  }

  private static void putTail(ByteBuffer target, int bits) {
    target.put((byte) (0x80 | (bits & 0x3F)));
  }

  private static boolean isPair(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        && at + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(at + 1));
  }
}
