/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Subjects of NATS and keys of its key-value buckets, made of signal ids and back. A slash becomes
 * a dot, so that wildcards choose as globs do; letters, digits, {@code -} and {@code _} stay; every
 * other byte of the id in UTF-8 is {@code =} and two hexadecimal digits in capitals; a level
 * without a character is a single {@code =}. One id has one subject and the other way round.
 *
 * <pre>
 * host/cpu/load     host.cpu.load
 * /Dev 1/a.b        =.Dev=201.a=2Eb
 * </pre>
 *
 * <p>In docs/nats.md, section 2.
 */
record Subjects(String prefix) {
  /** In front of what signals are called in {@link #data}. */
  private static final String DATA = ".data.";

  private static final String ALIVE = ".alive";
  private static final String WANTED = ".want";
  private static final char ESCAPE = '=';
  private static final String HEX = "0123456789ABCDEF";
  private static final int RADIX = 16;

  /** Where the blocks of a signal go. */
  String data(String signalId) {
    return dataOf(key(signalId));
  }

  /** Where the blocks of the signal with a key go. */
  String dataOf(String key) {
    return prefix + DATA + key;
  }

  /** All data of publishers with this prefix. */
  String allData() {
    return prefix + DATA + ">";
  }

  /** Where publishers say that they are there. */
  String alive() {
    return prefix + ALIVE;
  }

  /** Where importers say what they want. */
  String wanted() {
    return prefix + WANTED;
  }

  /** The bucket of descriptions; dots are not for names of buckets. */
  String bucket() {
    return "daqstream_" + prefix.replace('.', '_');
  }

  /** The stream that keeps data for a while. */
  String stream() {
    return "daqstream_data_" + prefix.replace('.', '_');
  }

  /** Whether all subjects of a pattern are those of another one, too. */
  static boolean covers(String wide, String pattern) {
    List<String> levels = List.of(wide.split("[.]"));
    List<String> of = List.of(pattern.split("[.]"));
    for (int at = 0; at < levels.size(); at++) {
      if (levels.get(at).equals(">")) {
        return at < of.size();
      }
      boolean isAny = levels.get(at).equals("*") && at < of.size() && !of.get(at).equals(">");
      if (!isAny && (at >= of.size() || !levels.get(at).equals(of.get(at)))) {
        return false;
      }
    }
    return levels.size() == of.size();
  }

  /** The key of a signal's description, which is the end of its subject, too. */
  static String key(String signalId) {
    StringBuilder key = new StringBuilder(signalId.length());
    boolean isLevelEmpty = true;
    for (byte each : signalId.getBytes(StandardCharsets.UTF_8)) {
      if (each == '/') {
        key.append(isLevelEmpty ? "=." : ".");
        isLevelEmpty = true;
        continue;
      }
      isLevelEmpty = false;
      if (isPlain((char) (each & 0xFF))) {
        key.append((char) each);
      } else {
        key.append(ESCAPE).append(HEX.charAt((each >> 4) & 0xF)).append(HEX.charAt(each & 0xF));
      }
    }
    return isLevelEmpty ? key.append(ESCAPE).toString() : key.toString();
  }

  private static boolean isPlain(char each) {
    return (each >= 'a' && each <= 'z')
        || (each >= 'A' && each <= 'Z')
        || (each >= '0' && each <= '9')
        || each == '-'
        || each == '_';
  }

  /**
   * The signal of a key.
   *
   * @throws IllegalArgumentException when {@link #key} makes no such key
   */
  static String signalId(String key) {
    ByteBuffer id = ByteBuffer.allocate(key.length());
    for (int at = 0; at < key.length(); at++) {
      char each = key.charAt(at);
      if (each == '.') {
        id.put((byte) '/');
      } else if (each != ESCAPE) {
        id.put((byte) each);
      } else if (at + 1 < key.length() && key.charAt(at + 1) != '.') {
        id.put((byte) ((digit(key, at + 1) << 4) | digit(key, at + 2)));
        at += 2;
      }
    }
    String signalId = text(key, id.flip());
    if (!key(signalId).equals(key)) {
      throw new IllegalArgumentException("the key of no signal: " + key);
    }
    return signalId;
  }

  private static int digit(String key, int at) {
    int digit = at < key.length() ? Character.digit(key.charAt(at), RADIX) : -1;
    if (digit < 0) {
      throw new IllegalArgumentException("the key of no signal: " + key);
    }
    return digit;
  }

  private static String text(String key, ByteBuffer bytes) {
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(bytes);
      return text.toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the key of no signal: " + key, e);
    }
  }
}
