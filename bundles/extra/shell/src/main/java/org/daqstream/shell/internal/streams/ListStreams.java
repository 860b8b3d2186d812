/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.daqstream.sample.support.Format;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Listing;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamStatistics;

/** {@code stream:list}. */
public final class ListStreams {
  /** A stream of a deployed instance, an open one, or both; {@code info} is null when closed. */
  private record Row(
      String instance, StreamDefinition definition, String source, String state, StreamInfo info) {
    Object of(Function<StreamStatistics, ?> fact) {
      return info == null ? null : fact.apply(info.statistics());
    }
  }

  private static final Listing<Row> LISTING =
      new Listing<Row>()
          .column("INSTANCE", "instance", Row::instance)
          .column("STREAM", "stream", row -> row.definition().name())
          .column("DIR", "direction", row -> row.definition().direction().manifestName())
          .column("TYPE", "type", row -> row.definition().type())
          .column("SOURCE", "source", Row::source)
          .column("STATE", "state", Row::state)
          .detail("handle", row -> row.info() == null ? null : row.info().handle())
          .column(
              ">PORT",
              "boundPort",
              row ->
                  row.info() == null || row.info().boundPort() < 0
                      ? null
                      : (Object) row.info().boundPort())
          .detail("parameters", row -> row.definition().parameters())
          .detail("statistics", row -> row.of(counts -> counts))
          .text(">PEERS", row -> row.of(StreamStatistics::peers))
          .text(">MESSAGES", row -> row.of(StreamStatistics::messages))
          .text(">BYTES", row -> row.of(counts -> Format.bytes(counts.bytes())))
          .text(">QUEUED", row -> row.of(StreamStatistics::queuedMessages))
          .text(">LOST", row -> row.of(StreamStatistics::lostMessages))
          .text("LAST ERROR", row -> row.of(StreamStatistics::lastError));

  private ListStreams() {}

  public static DeclaredCommand command(Services services) {
    return new DeclaredCommand(
        "stream:list",
        "Lists the streams of the deployed instances and what went over those that are open.",
        Syntax.of("[INSTANCE]").first(() -> Streams.instances(services)).json(),
        call -> execute(services, call));
  }

  private static void execute(Services services, Call call) {
    List<Row> all = rows(services.streams());
    List<Row> rows = all.stream().filter(row -> row.instance().contains(call.word(0))).toList();
    String none = all.isEmpty() ? "no stream is deployed" : "none of " + all.size() + " streams";
    LISTING.print(call, rows, none);
  }

  private static List<Row> rows(StreamRegister register) {
    Map<String, String> sources = new HashMap<>();
    register
        .sources()
        .forEach((source, names) -> names.forEach(instance -> sources.put(instance, source)));
    List<StreamInfo> open = new ArrayList<>(register.streams());
    List<Row> rows = new ArrayList<>();
    register
        .instances()
        .forEach(
            (instance, streams) -> {
              for (StreamDefinition definition : streams) {
                int before = rows.size();
                open.removeIf(
                    info -> belongs(info, instance, definition) && rows.add(row(info, sources)));
                if (rows.size() == before) {
                  boolean known = register.types().contains(definition.type());
                  rows.add(
                      new Row(
                          instance,
                          definition,
                          sources.get(instance),
                          known ? "closed" : "no transport",
                          null));
                }
              }
            });
    open.forEach(info -> rows.add(row(info, sources))); // of definitions that are gone
    return rows;
  }

  private static boolean belongs(StreamInfo info, String instance, StreamDefinition definition) {
    return info.instance().equals(instance) && info.definition().name().equals(definition.name());
  }

  private static Row row(StreamInfo info, Map<String, String> sources) {
    return new Row(
        info.instance(),
        info.definition(),
        sources.get(info.instance()),
        info.ended().isEmpty() ? "open" : "ended: " + info.ended(),
        info);
  }
}
