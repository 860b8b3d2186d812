/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What an importer wants for the time of a lease: lines of text, the first one is what the importer
 * calls itself, the others are {@linkplain Subjects#key keys} of signals, or {@code ?} and what a
 * publisher calls itself, which is to say whether it is there (docs/nats.md, section 5).
 */
record WantMessage(String importer, List<String> keys, List<String> asked) {
  /** How long a want holds unless it is said again. */
  static final long LEASE_MS = 15_000;

  /** How often it is said. */
  static final long REPEAT_MS = 5_000;

  private static final String ASKED = "?";

  /** Copies the lists. */
  WantMessage {
    keys = List.copyOf(keys);
    asked = List.copyOf(asked);
  }

  /** One that asks nobody. */
  WantMessage(String importer, List<String> keys) {
    this(importer, keys, List.of());
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder(importer);
    keys.forEach(each -> text.append('\n').append(each));
    asked.forEach(each -> text.append('\n').append(ASKED).append(each));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  static WantMessage read(byte[] message) {
    List<String> lines = new String(message, StandardCharsets.UTF_8).lines().toList();
    List<String> keys = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    for (String each : lines.subList(Math.min(1, lines.size()), lines.size())) {
      if (each.startsWith(ASKED)) {
        asked.add(each.substring(ASKED.length()));
      } else {
        keys.add(each);
      }
    }
    return new WantMessage(lines.isEmpty() ? "" : lines.get(0), keys, asked);
  }
}
