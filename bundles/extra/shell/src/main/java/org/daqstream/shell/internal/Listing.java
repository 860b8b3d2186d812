/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What a command tells of each thing that it lists: said once, for the table and for JSON. */
public final class Listing<T> {
  private final List<Column<T>> columns = new ArrayList<>();

  /** Without a heading it is in JSON only, without a key in the table only. */
  private record Column<T>(String key, Function<T, ?> value, String heading, Function<T, ?> text) {}

  /** Adds a column; headings as in {@link Table}. */
  public Listing<T> column(String heading, String key, Function<T, ?> value) {
    return column(heading, key, value, value);
  }

  /** Adds a column that people are told in another form. */
  public Listing<T> column(String heading, String key, Function<T, ?> value, Function<T, ?> text) {
    columns.add(new Column<>(key, value, heading, text));
    return this;
  }

  /** Adds what is in JSON only. */
  public Listing<T> detail(String key, Function<T, ?> value) {
    return column("", key, value, value);
  }

  /** Adds what is in the table only. */
  public Listing<T> text(String heading, Function<T, ?> text) {
    return column(heading, "", text, text);
  }

  /**
   * Prints rows as was asked for.
   *
   * @param none printed beside an empty table
   */
  public void print(
      Arguments arguments, List<T> rows, String none, PrintStream out, PrintStream err) {
    if (arguments.json()) {
      Json.print(out, documents(rows));
    } else if (rows.isEmpty()) {
      err.println(none);
    } else {
      table(rows).print(out);
    }
  }

  /** The rows as a table. */
  public Table table(List<T> rows) {
    final List<Column<T>> shown =
        columns.stream().filter(column -> !column.heading().isEmpty()).toList();
    final Table table = new Table(shown.stream().map(Column::heading).toArray(String[]::new));
    for (final T row : rows) {
      table.add(shown.stream().map(column -> column.text().apply(row)).toArray());
    }
    return table;
  }

  /** The rows as objects of JSON. */
  public List<Map<String, Object>> documents(List<T> rows) {
    return rows.stream().map(this::document).toList();
  }

  private Map<String, Object> document(T row) {
    final Map<String, Object> document = new LinkedHashMap<>();
    columns.stream()
        .filter(column -> !column.key().isEmpty())
        .forEach(column -> document.put(column.key(), column.value().apply(row)));
    return document;
  }
}
