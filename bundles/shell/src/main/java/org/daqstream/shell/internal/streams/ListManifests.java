/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Json;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.shell.internal.Table;

/** {@code stream:manifests}. */
public final class ListManifests extends Command {
  private record Row(String source, Set<String> instances) {}

  private final Services services;

  /** Creates the command. */
  public ListManifests(Services services) {
    super(
        "stream:manifests",
        "Lists who deployed which instances; what stream:deploy deployed begins with 'shell:'.",
        Syntax.of().json());
    this.services = services;
  }

  @Override
  protected void execute(Arguments arguments, PrintStream out, PrintStream err)
      throws CommandException {
    final List<Row> rows =
        services.streams().sources().entrySet().stream()
            .map(entry -> new Row(entry.getKey(), entry.getValue()))
            .toList();
    if (arguments.json()) {
      Json.print(out, rows);
    } else if (rows.isEmpty()) {
      err.println("nothing is deployed");
    } else {
      final Table table = new Table("SOURCE", "INSTANCES");
      rows.forEach(row -> table.add(row.source(), String.join(", ", row.instances())));
      table.print(out);
    }
  }
}
