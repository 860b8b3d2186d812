/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

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

/** {@code signal:writers}. */
public final class ListWriters extends Command {
  private record Row(
      String dataType, Integer ranking, Long serviceId, String bundle, long signals) {}

  private final Services services;

  /** Creates the command. */
  public ListWriters(Services services) {
    super(
        "signal:writers",
        "Lists the data types: who writes them, of several the one asked first in front, and how"
            + " many signals are of the type.",
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
    final Table table = new Table("TYPE", ">SIGNALS", ">RANKING", ">SERVICE", "BUNDLE");
    for (final Row row : rows) {
      table.add(
          row.dataType(),
          row.signals(),
          row.ranking(),
          row.serviceId(),
          row.bundle() == null ? "no writer" : row.bundle());
    }
    table.print(out);
  }

  private List<Row> rows() {
    final Map<String, Long> signals = new TreeMap<>();
    services.signalRegistry().stream()
        .flatMap(registry -> registry.signals().stream())
        .filter(state -> !Signals.isDomain(state))
        .forEach(state -> signals.merge(state.descriptor().dataType(), 1L, Long::sum));
    final List<Row> rows = new ArrayList<>();
    for (final Services.Provider writer : services.writers()) {
      for (final String type : writer.types()) {
        rows.add(
            new Row(
                type,
                writer.ranking(),
                writer.serviceId(),
                writer.bundle(),
                signals.getOrDefault(type, 0L)));
      }
    }
    final TreeSet<String> without = new TreeSet<>(signals.keySet());
    rows.forEach(row -> without.remove(row.dataType()));
    without.forEach(type -> rows.add(new Row(type, null, null, null, signals.get(type))));
    rows.sort(Comparator.comparing(Row::dataType)); // stable: the order of a type's writers stays
    return rows;
  }
}
