/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Format;
import org.daqstream.shell.internal.Json;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.shell.internal.Table;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamStatistics;

/** {@code stream:list}. */
public final class ListStreams extends Command {
  private record Row(
      String instance,
      String stream,
      String direction,
      String type,
      String source,
      String state,
      Integer handle,
      Integer boundPort,
      Map<String, Object> parameters,
      StreamStatistics statistics) {}

  private final Services services;

  /** Creates the command. */
  public ListStreams(Services services) {
    super(
        "stream:list",
        "Lists the streams of the deployed instances and what went over those that are open.",
        Syntax.of("[INSTANCE]").json());
    this.services = services;
  }

  @Override
  protected void execute(Arguments arguments, PrintStream out, PrintStream err)
      throws CommandException {
    final List<Row> all = rows(services.streams());
    final List<Row> rows =
        all.stream().filter(row -> row.instance().contains(arguments.word(0))).toList();
    if (arguments.json()) {
      Json.print(out, rows);
    } else if (rows.isEmpty()) {
      err.println(all.isEmpty() ? "no stream is deployed" : "none of " + all.size() + " streams");
    } else {
      print(rows, out);
    }
  }

  private static List<Row> rows(StreamRegister register) {
    final Map<String, String> sources = new HashMap<>();
    register
        .sources()
        .forEach((source, names) -> names.forEach(instance -> sources.put(instance, source)));
    final List<StreamInfo> open = new ArrayList<>(register.streams());
    final List<Row> rows = new ArrayList<>();
    register
        .instances()
        .forEach(
            (instance, streams) -> {
              for (final StreamDefinition definition : streams) {
                final int before = rows.size();
                open.removeIf(
                    info -> belongs(info, instance, definition) && rows.add(row(info, sources)));
                if (rows.size() == before) {
                  final boolean known = register.types().contains(definition.type());
                  rows.add(closed(instance, definition, sources.get(instance), known));
                }
              }
            });
    open.forEach(info -> rows.add(row(info, sources))); // of definitions that are gone
    return rows;
  }

  private static boolean belongs(StreamInfo info, String instance, StreamDefinition definition) {
    return info.instance().equals(instance) && info.definition().name().equals(definition.name());
  }

  private static Row closed(
      String instance, StreamDefinition definition, String source, boolean known) {
    return new Row(
        instance,
        definition.name(),
        definition.direction().manifestName(),
        definition.type(),
        source,
        known ? "closed" : "no transport",
        null,
        null,
        definition.parameters(),
        null);
  }

  private static Row row(StreamInfo info, Map<String, String> sources) {
    return new Row(
        info.instance(),
        info.definition().name(),
        info.definition().direction().manifestName(),
        info.definition().type(),
        sources.get(info.instance()),
        info.ended().isEmpty() ? "open" : "ended: " + info.ended(),
        info.handle(),
        info.boundPort() < 0 ? null : info.boundPort(),
        info.definition().parameters(),
        info.statistics());
  }

  private static void print(List<Row> rows, PrintStream out) {
    final Table table =
        new Table(
            "INSTANCE",
            "STREAM",
            "DIR",
            "TYPE",
            "SOURCE",
            "STATE",
            ">PORT",
            ">PEERS",
            ">MESSAGES",
            ">BYTES",
            ">QUEUED",
            ">LOST",
            "LAST ERROR");
    for (final Row row : rows) {
      final StreamStatistics counts = row.statistics();
      table.add(
          row.instance(),
          row.stream(),
          row.direction(),
          row.type(),
          row.source(),
          row.state(),
          row.boundPort(),
          counts == null ? null : counts.peers(),
          counts == null ? null : counts.messages(),
          counts == null ? null : Format.bytes(counts.bytes()),
          counts == null ? null : counts.queuedMessages(),
          counts == null ? null : counts.lostMessages(),
          counts == null ? null : counts.lastError());
    }
    table.print(out);
  }

  @Override
  protected List<String> candidates(List<String> words) {
    return words.isEmpty()
        ? services.streamRegister().stream()
            .flatMap(register -> register.instances().keySet().stream())
            .toList()
        : List.of();
  }
}
