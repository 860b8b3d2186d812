/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * {@code signal:writers} and {@code stream:types}: who serves which types, and how much uses it.
 */
public final class ListProviders extends Command {
  /** A provider of one type; without one there are users only. */
  private record Row(String type, Services.Provider provider, long users) {}

  private final String typeKey;
  private final String userKey;
  private final String nobody;
  private final Supplier<List<Services.Provider>> providers;
  private final Supplier<Stream<String>> users;

  private ListProviders(
      String name,
      String summary,
      String typeKey,
      String userKey,
      String nobody,
      Supplier<List<Services.Provider>> providers,
      Supplier<Stream<String>> users) {
    super(name, summary, Syntax.of().json());
    this.typeKey = typeKey;
    this.userKey = userKey;
    this.nobody = nobody;
    this.providers = providers;
    this.users = users;
  }

  /** The command for data types. */
  public static ListProviders ofDataTypes(Services services) {
    return new ListProviders(
        "signal:writers",
        "Lists the data types: who writes them, of several the one asked first in front, and how"
            + " many signals are of the type.",
        "dataType",
        "signals",
        "no writer",
        services::writers,
        () ->
            services.signalRegistry().stream()
                .flatMap(registry -> registry.signals().stream())
                .filter(state -> !state.tableId().equals(state.descriptor().signalId()))
                .map(state -> state.descriptor().dataType()));
  }

  /** The command for stream types. */
  public static ListProviders ofStreamTypes(Services services) {
    return new ListProviders(
        "stream:types",
        "Lists the stream types: who carries them, of several the one that is used in front, and"
            + " how many streams are deployed.",
        "type",
        "streams",
        "no transport",
        services::transports,
        () ->
            services.streamRegister().stream()
                .flatMap(register -> register.instances().values().stream())
                .flatMap(List::stream)
                .map(definition -> definition.type()));
  }

  @Override
  protected void execute(Arguments arguments, PrintStream out, PrintStream err) {
    final List<Row> rows = rows();
    if (arguments.json()) {
      Json.print(out, rows.stream().map(this::document).toList());
      return;
    }
    final Table table =
        new Table("TYPE", ">" + userKey.toUpperCase(Locale.ROOT), ">RANKING", ">SERVICE", "BUNDLE");
    for (final Row row : rows) {
      final Services.Provider by = row.provider();
      if (by == null) {
        table.add(row.type(), row.users(), null, null, nobody);
      } else {
        table.add(row.type(), row.users(), by.ranking(), by.serviceId(), by.bundle());
      }
    }
    table.print(out);
  }

  private Map<String, Object> document(Row row) {
    final Services.Provider by = row.provider();
    final Map<String, Object> document = new LinkedHashMap<>();
    document.put(typeKey, row.type());
    document.put("ranking", by == null ? null : by.ranking());
    document.put("serviceId", by == null ? null : by.serviceId());
    document.put("bundle", by == null ? null : by.bundle());
    document.put(userKey, row.users());
    return document;
  }

  private List<Row> rows() {
    final Map<String, Long> counts =
        users.get().collect(groupingBy(type -> type, TreeMap::new, counting()));
    final List<Row> rows = new ArrayList<>();
    for (final Services.Provider provider : providers.get()) {
      provider
          .types()
          .forEach(type -> rows.add(new Row(type, provider, counts.getOrDefault(type, 0L))));
    }
    rows.forEach(row -> counts.remove(row.type()));
    counts.forEach((type, count) -> rows.add(new Row(type, null, count)));
    rows.sort(Comparator.comparing(Row::type)); // stable: the order of a type's providers stays
    return rows;
  }
}
