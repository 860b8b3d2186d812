/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.daqstream.sample.support.Json;
import org.daqstream.sample.support.Table;

/** What a command tells of each thing that it lists: said once, for the table and for JSON. */
public final class Listing<T> {
  private final List<Column<T>> columns = new ArrayList<>();

  /** Without a heading it is in JSON only, without a key in the table only. */
  private record Column<T>(String key, Function<T, ?> value, String heading, Function<T, ?> text) {}

  /** Adds a column; headings as in {@link Table}. */
  public Listing<T> column(String heading, String key, Function<T, ?> value) {
    columns.add(new Column<>(key, value, heading, value));
    return this;
  }

  /** Adds a column whose values people are told in another form. */
  public <V> Listing<T> column(
      String heading, String key, Function<T, V> value, Function<V, ?> form) {
    columns.add(new Column<>(key, value, heading, value.andThen(form)));
    return this;
  }

  /** Adds what is in JSON only. */
  public Listing<T> detail(String key, Function<T, ?> value) {
    return column("", key, value);
  }

  /** Adds what is in the table only. */
  public Listing<T> text(String heading, Function<T, ?> text) {
    return column(heading, "", text);
  }

  /** Prints rows as was asked for; for an empty table the last text, beside it. */
  public void print(Call call, List<T> rows, String none) {
    if (call.json()) {
      Json.print(call.out(), documents(rows));
    } else if (rows.isEmpty()) {
      call.err().println(none);
    } else {
      table(rows).print(call.out());
    }
  }

  /** The rows as a table. */
  public Table table(List<T> rows) {
    List<Column<T>> shown = columns.stream().filter(column -> !column.heading().isEmpty()).toList();
    Table table = new Table(shown.stream().map(Column::heading).toArray(String[]::new));
    rows.forEach(
        row -> table.add(shown.stream().map(column -> column.text().apply(row)).toArray()));
    return table;
  }

  /** The rows as objects of JSON. */
  public List<Map<String, Object>> documents(List<T> rows) {
    return rows.stream().map(this::document).toList();
  }

  private Map<String, Object> document(T row) {
    Map<String, Object> document = new LinkedHashMap<>();
    columns.stream()
        .filter(column -> !column.key().isEmpty())
        .forEach(column -> document.put(column.key(), column.value().apply(row)));
    return document;
  }
}
