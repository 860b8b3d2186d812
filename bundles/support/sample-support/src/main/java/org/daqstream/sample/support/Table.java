/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.sample.support;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.base.support.ForeignText;

/** Rows in columns as wide as what they hold; nothing is cut. */
public final class Table {
  private static final String GAP = "  ";
  private static final String NOTHING = "-";

  private final boolean[] right;
  private final List<String[]> rows = new ArrayList<>();

  /**
   * A table without rows.
   *
   * @param headings of the columns; one that begins with {@code >} is of a column of numbers, whose
   *     ends are aligned; without any text in them they are not shown
   */
  public Table(String... headings) {
    right = new boolean[headings.length];
    String[] first = new String[headings.length];
    for (int i = 0; i < headings.length; i++) {
      right[i] = headings[i].startsWith(">");
      first[i] = right[i] ? headings[i].substring(1) : headings[i];
    }
    if (!String.join("", first).isEmpty()) {
      rows.add(first);
    }
  }

  /** Adds a row; {@code null} and empty cells are shown as a dash. */
  public void add(Object... cells) {
    String[] row = new String[right.length];
    for (int i = 0; i < row.length; i++) {
      String text = cells[i] == null ? "" : ForeignText.plain(cells[i].toString());
      row[i] = text.isEmpty() ? NOTHING : text;
    }
    rows.add(row);
  }

  /** Prints headings and rows, all at once: some consoles send each line for itself. */
  public void print(PrintStream out) {
    int[] widths = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], Format.columns(row[i]));
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        String padding = " ".repeat(widths[i] - Format.columns(row[i]));
        line.append(i == 0 ? "" : GAP);
        line.append(right[i] ? padding : "").append(row[i]).append(right[i] ? "" : padding);
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    out.print(text);
    out.flush();
  }
}
