/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.daqstream.stream.api.StreamDefinition;

/**
 * {@code signal:writers} and {@code stream:types}: who serves which types, and how much uses it.
 */
public final class ProviderCommands {
  private static final String NONE = "there are none";

  /** A provider of one type; {@code null} for a type that has users only. */
  private record Row(String type, Services.Provider provider, long users) {
    <V> V of(Function<Services.Provider, V> fact) {
      return provider == null ? null : fact.apply(provider);
    }
  }

  private ProviderCommands() {}

  private static Listing<Row> listing(
      String typeKey, String usersHeading, String usersKey, String nobody) {
    return new Listing<Row>()
        .column("TYPE", typeKey, Row::type)
        .column(usersHeading, usersKey, Row::users)
        .column(">RANKING", "ranking", row -> row.of(Services.Provider::ranking))
        .column(">SERVICE", "serviceId", row -> row.of(Services.Provider::serviceId))
        .column(
            "BUNDLE",
            "bundle",
            row -> row.of(Services.Provider::bundle),
            bundle -> bundle == null ? nobody : bundle);
  }

  public static DeclaredCommand dataTypes(Services services) {
    Listing<Row> listing = listing("dataType", ">SIGNALS", "signals", "no writer");
    return new DeclaredCommand(
        "signal:writers",
        "Lists the data types: who writes them, of several the one asked first in front, and how"
            + " many signals are of the type.",
        Syntax.of().json(),
        call -> listing.print(call, rows(services.writers(), typesOfSignals(services)), NONE));
  }

  private static Stream<String> typesOfSignals(Services services) {
    return services.signalRegistry().stream()
        .flatMap(registry -> registry.signals().stream())
        .filter(state -> !state.tableId().equals(state.descriptor().signalId()))
        .map(state -> state.descriptor().dataType());
  }

  public static DeclaredCommand streamTypes(Services services) {
    Listing<Row> listing = listing("type", ">STREAMS", "streams", "no transport");
    return new DeclaredCommand(
        "stream:types",
        "Lists the stream types: who carries them, of several the one that is used in front, and"
            + " how many streams are deployed.",
        Syntax.of().json(),
        call -> listing.print(call, rows(services.transports(), typesOfStreams(services)), NONE));
  }

  private static Stream<String> typesOfStreams(Services services) {
    return services.streamRegister().stream()
        .flatMap(register -> register.instances().values().stream())
        .flatMap(List::stream)
        .map(StreamDefinition::type);
  }

  private static List<Row> rows(List<Services.Provider> providers, Stream<String> users) {
    Map<String, Long> counts = users.collect(groupingBy(type -> type, TreeMap::new, counting()));
    List<Row> rows = new ArrayList<>();
    for (Services.Provider provider : providers) {
      for (String type : provider.types()) {
        rows.add(new Row(type, provider, counts.getOrDefault(type, 0L)));
      }
    }
    rows.forEach(row -> counts.remove(row.type()));
    counts.forEach((type, count) -> rows.add(new Row(type, null, count)));
    rows.sort(Comparator.comparing(Row::type)); // stable: the order of a type's providers stays
    return rows;
  }
}
