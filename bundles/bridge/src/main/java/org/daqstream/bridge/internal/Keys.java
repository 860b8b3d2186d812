/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks the values of one configuration; refusals name PID, key, value and what is allowed. */
record Keys(String pid) {

  private static final Logger LOG = LoggerFactory.getLogger(Keys.class);

  /** What a configuration gives; {@code null} after a line in the log when it is refused. */
  static <T> T usable(Supplier<T> configured) {
    try {
      return configured.get();
    } catch (IllegalArgumentException e) {
      LOG.error("configuration refused, this bridge is off: {}", e.getMessage());
      return null;
    }
  }

  /** Text of 1 to so many characters, none of them a control character. */
  String text(String key, String value, int limitChars) {
    if (value == null
        || value.isBlank()
        || value.length() > limitChars
        || value.chars().anyMatch(Character::isISOControl)) {
      throw refused(
          key, value, "must have 1 to " + limitChars + " characters and no control characters");
    }
    return value;
  }

  int number(String key, IntSupplier value, int low, int high) {
    int number;
    try {
      number = value.getAsInt();
    } catch (RuntimeException e) { // the text in the configuration is no number
      throw new IllegalArgumentException(
          pid + ": " + key + " must be a number from " + low + " to " + high, e);
    }
    if (number < low || number > high) {
      throw refused(key, number, "must be from " + low + " to " + high);
    }
    return number;
  }

  <E extends Enum<E>> E choice(String key, String value, Class<E> choices) {
    StringBuilder words = new StringBuilder();
    for (E choice : choices.getEnumConstants()) {
      if (choice.toString().equals(value)) {
        return choice;
      }
      words.append(words.isEmpty() ? "" : ", ").append(choice);
    }
    throw refused(key, value, "must be one of " + words);
  }

  private IllegalArgumentException refused(String key, Object value, String rule) {
    return new IllegalArgumentException(pid + ": " + key + " = '" + value + "': " + rule);
  }
}
