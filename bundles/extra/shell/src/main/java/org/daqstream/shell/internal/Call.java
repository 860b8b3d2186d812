/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.daqstream.base.support.ForeignText;
import org.daqstream.sample.support.Json;

/**
 * A command's call.
 *
 * @param words those that are no options
 * @param options values by name; of an option without one only the name counts
 * @param out for the answer
 * @param err for what is not part of the answer
 */
public record Call(
    List<String> words, Map<String, String> options, PrintStream out, PrintStream err) {
  /** Prints what was done: one JSON document when that was asked for, else a line. */
  public void tell(Object document, String line) {
    out.println(json() ? Json.of(document) : ForeignText.plain(line));
  }

  /** A word, empty when it was left out. */
  public String word(int index) {
    return index < words.size() ? words.get(index) : "";
  }

  /** The words behind so many others, as one text. */
  public String textBehind(int count) {
    return words.stream().skip(count).collect(Collectors.joining(" "));
  }

  public boolean has(String option) {
    return options.containsKey(option);
  }

  public boolean json() {
    return has(Syntax.JSON);
  }

  /** An option's value, empty when it was not given. */
  public String value(String option) {
    return options.getOrDefault(option, "");
  }

  /** An option's value as a whole number within limits, or the other one when it was not given. */
  public long number(String option, long otherwise, long least, long most) {
    if (!has(option)) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value(option));
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new CommandException(
        "%s '%s': allowed is a whole number from %s to %s"
            .formatted(option, value(option), least, most));
  }

  /**
   * An option's value in seconds, fractions allowed, as milliseconds up to a limit, or the other
   * one when it was not given.
   */
  public long milliseconds(String option, long otherwiseMs, long mostMs) {
    if (!has(option)) {
      return otherwiseMs;
    }
    try {
      double ms = Double.parseDouble(value(option)) * 1000;
      if (ms >= 0 && ms <= mostMs) {
        return Math.round(ms);
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new CommandException(
        "%s '%s': allowed are seconds from 0 to %s"
            .formatted(option, value(option), mostMs / 1000));
  }
}
