/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What an importer wants for the time of a lease: lines of text, the first one is what the importer
 * calls itself, the others are {@linkplain Subjects#key keys} of signals (docs/nats.md, section 5).
 */
record WantMessage(String importer, List<String> keys) {
  /** How long a want holds unless it is said again. */
  static final long LEASE_MS = 15_000;

  /** How often it is said. */
  static final long REPEAT_MS = 5_000;

  private static final String LINE = "\n";

  /** Copies the list. */
  WantMessage {
    keys = List.copyOf(keys);
  }

  byte[] bytes() {
    String text = importer + LINE + String.join(LINE, keys);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static WantMessage read(byte[] message) {
    List<String> lines = new String(message, StandardCharsets.UTF_8).lines().toList();
    return lines.isEmpty()
        ? new WantMessage("", List.of())
        : new WantMessage(lines.get(0), lines.subList(1, lines.size()));
  }
}
