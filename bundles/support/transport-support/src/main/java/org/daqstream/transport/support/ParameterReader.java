/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.stream.api.spi.StreamTransport;

/**
 * Reads the parameters of a stream definition and collects what is wrong with them, so that a
 * transport has one place for both. Each method gives a usable value in any case; look at {@link
 * #problems()} before using them. Not thread-safe.
 */
public final class ParameterReader {
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,18}");
  private static final int MAX_PORT = 65535;

  private final Map<String, Object> parameters;
  private final List<ParameterProblem> problems = new ArrayList<>();

  /** Reads what was given to {@link StreamTransport#validate}. */
  public ParameterReader(Map<String, Object> parameters) {
    this.parameters = parameters;
  }

  /** A required string; an empty one and a problem when it is not there. */
  public String text(String key) {
    Object value = parameters.get(key);
    if (value instanceof String text) {
      return text;
    }
    refuse(key, "a string is required");
    return "";
  }

  /** An optional string. */
  public String text(String key, String fallback) {
    return parameters.containsKey(key) ? text(key) : fallback;
  }

  /** A required string out of a list, case-sensitive; the first one and a problem for others. */
  public String choice(String key, String... allowed) {
    Object value = parameters.get(key);
    for (String word : allowed) {
      if (word.equals(value)) {
        return word;
      }
    }
    refuse(key, "must be " + String.join(" or ", allowed));
    return allowed[0];
  }

  /**
   * A required TCP port from the lowest one, 0 or 1, on; 0 and a problem for others. A decimal
   * string; a JSON integer is taken with a warning.
   */
  public int port(String key, int lowest) {
    Object value = parameters.get(key);
    boolean number = value instanceof Long;
    String text = number || value instanceof String ? value.toString() : "";
    if (text.length() <= 5 && DECIMAL.matcher(text).matches()) {
      int port = Integer.parseInt(text);
      if (port >= lowest && port <= MAX_PORT) {
        if (number) {
          problems.add(new ParameterProblem(key, value, "should be a string", false));
        }
        return port;
      }
    }
    refuse(key, "must be a decimal string from " + lowest + " to " + MAX_PORT);
    return 0;
  }

  /**
   * An optional whole number, as JSON integer or decimal string; the fallback and a problem when it
   * is not within the bounds, which are allowed both.
   */
  public long number(String key, long fallback, long lowest, long highest) {
    Object value = parameters.get(key);
    if (value == null && !parameters.containsKey(key)) {
      return fallback;
    }
    if (value instanceof Long
        || (value instanceof String text && DECIMAL.matcher(text).matches())) {
      long number = Long.parseLong(value.toString());
      if (number >= lowest && number <= highest) {
        return number;
      }
    }
    refuse(key, "must be a whole number from " + lowest + " to " + highest);
    return fallback;
  }

  /** An optional {@code true} or {@code false}, as JSON literal or string. */
  public boolean flag(String key, boolean fallback) {
    String value = String.valueOf(parameters.getOrDefault(key, fallback));
    if (!value.equals("true") && !value.equals("false")) {
      refuse(key, "must be true or false");
      return fallback;
    }
    return value.equals("true");
  }

  /** Whether a parameter has this value. */
  public boolean has(String key, Object value) {
    return value.equals(parameters.get(key));
  }

  /** Adds a problem of the caller's own, with what would be right. */
  public void refuse(String key, String message) {
    problems.add(new ParameterProblem(key, parameters.get(key), message, true));
  }

  /** The same for what may hold a secret: the value is not told. */
  public void refuseUnshown(String key, String message) {
    problems.add(new ParameterProblem(key, "…", message, true));
  }

  /** What was wrong so far. */
  public List<ParameterProblem> problems() {
    return List.copyOf(problems);
  }
}
