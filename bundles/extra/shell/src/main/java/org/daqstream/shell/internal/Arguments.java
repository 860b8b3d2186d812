/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.util.List;
import java.util.Map;

/** The words and options that a command was called with. */
public final class Arguments {
  private final List<String> words;
  private final Map<String, String> options;

  Arguments(List<String> words, Map<String, String> options) {
    this.words = words;
    this.options = options;
  }

  /** The words that are no options. */
  public List<String> words() {
    return words;
  }

  /** A word, empty when it was left out. */
  public String word(int index) {
    return index < words.size() ? words.get(index) : "";
  }

  /** Whether the option was given. */
  public boolean has(String option) {
    return options.containsKey(option);
  }

  /** Whether {@link Syntax#JSON} was given. */
  public boolean json() {
    return has(Syntax.JSON);
  }

  /** An option's value, empty when it was not given. */
  public String value(String option) {
    return options.getOrDefault(option, "");
  }

  /**
   * An option's value as a whole number.
   *
   * @param otherwise when it was not given
   * @throws CommandException when it is no number or not within the limits
   */
  public long number(String option, long otherwise, long least, long most) throws CommandException {
    if (!has(option)) {
      return otherwise;
    }
    try {
      final long number = Long.parseLong(value(option));
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new CommandException(
        option
            + " '"
            + value(option)
            + "': allowed is a whole number from "
            + least
            + " to "
            + most);
  }

  /**
   * An option's value in seconds, fractions allowed, as milliseconds.
   *
   * @param otherwiseMs when it was not given
   * @throws CommandException when it is no number, negative, or more than {@code mostMs}
   */
  public long milliseconds(String option, long otherwiseMs, long mostMs) throws CommandException {
    if (!has(option)) {
      return otherwiseMs;
    }
    try {
      final double ms = Double.parseDouble(value(option)) * 1000;
      if (ms >= 0 && ms <= mostMs) {
        return Math.round(ms);
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new CommandException(
        option + " '" + value(option) + "': allowed are seconds from 0 to " + mostMs / 1000);
  }
}
