/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

/** The last numbers of a signal as a line of bars, between the least and the greatest of them. */
final class Sparkline {
  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final String PLAIN_BARS = "_.-=+*#@";

  private final double[] values;
  private final String bars;
  private int next;
  private int size;

  /** For so many numbers, in characters that the terminal has. */
  Sparkline(int width) {
    this(width, "UTF-8".equals(System.getProperty("native.encoding")));
  }

  Sparkline(int width, boolean isUnicode) {
    values = new double[width];
    bars = isUnicode ? BARS : PLAIN_BARS;
  }

  /** Adds a number behind the others. */
  void add(double value) {
    values[next] = value;
    next = (next + 1) % values.length;
    size = Math.min(size + 1, values.length);
  }

  /** A bar for each number, a space for those that are none or infinite. */
  String text() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      if (Double.isFinite(values[i])) {
        low = Math.min(low, values[i]);
        high = Math.max(high, values[i]);
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size; i++) {
      text.append(bar(values[(next - size + i + values.length) % values.length], low, high));
    }
    return text.toString();
  }

  private char bar(double value, double low, double high) {
    if (!Double.isFinite(value)) {
      return ' ';
    }
    double part = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0;
    return bars.charAt((int) Math.min(bars.length() - 1, part * bars.length()));
  }
}
