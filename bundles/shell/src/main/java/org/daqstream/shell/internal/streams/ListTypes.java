/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.Json;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.shell.internal.Table;

/** {@code stream:types}. */
public final class ListTypes extends Command {
  private record Row(String type, Integer ranking, Long serviceId, String bundle, long streams) {}

  private final Services services;

  /** Creates the command. */
  public ListTypes(Services services) {
    super(
        "stream:types",
        "Lists the stream types: who carries them, of several the one that is used in front, and"
            + " how many streams are deployed.",
        Syntax.of().json());
    this.services = services;
  }

  @Override
  protected void execute(Arguments arguments, PrintStream out, PrintStream err) {
    final List<Row> rows = rows();
    if (arguments.json()) {
      Json.print(out, rows);
      return;
    }
    final Table table = new Table("TYPE", ">STREAMS", ">RANKING", ">SERVICE", "BUNDLE");
    for (final Row row : rows) {
      table.add(
          row.type(),
          row.streams(),
          row.ranking(),
          row.serviceId(),
          row.bundle() == null ? "no transport" : row.bundle());
    }
    table.print(out);
  }

  private List<Row> rows() {
    final Map<String, Long> streams = new TreeMap<>();
    services.streamRegister().stream()
        .flatMap(register -> register.instances().values().stream())
        .flatMap(List::stream)
        .forEach(definition -> streams.merge(definition.type(), 1L, Long::sum));
    final List<Row> rows = new ArrayList<>();
    for (final Services.Provider transport : services.transports()) {
      for (final String type : transport.types()) {
        rows.add(
            new Row(
                type,
                transport.ranking(),
                transport.serviceId(),
                transport.bundle(),
                streams.getOrDefault(type, 0L)));
      }
    }
    final TreeSet<String> without = new TreeSet<>(streams.keySet());
    rows.forEach(row -> without.remove(row.type()));
    without.forEach(type -> rows.add(new Row(type, null, null, null, streams.get(type))));
    rows.sort(Comparator.comparing(Row::type)); // stable: the order of a type's transports stays
    return rows;
  }
}
