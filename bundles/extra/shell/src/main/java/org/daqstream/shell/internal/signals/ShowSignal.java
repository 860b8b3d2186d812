/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.Json;
import org.daqstream.sample.support.SignalFacts;
import org.daqstream.sample.support.Table;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;

/** {@code signal:info}. */
public final class ShowSignal {
  private ShowSignal() {}

  public static DeclaredCommand command(Services services) {
    return new DeclaredCommand(
        "signal:info",
        "Tells everything that is known of a signal.",
        Syntax.of("SIGNAL").first(() -> Signals.ids(services)).json(),
        call -> execute(services, call));
  }

  private static void execute(Services services, Call call) {
    Signals signals = new Signals(services);
    SignalState state = signals.get(call.word(0));
    Map<String, SignalTraffic> traffic = traffic(services, call.word(0));
    if (call.json()) {
      call.out().println(Json.of(document(signals, state, traffic)));
    } else {
      Table table = new Table("", "");
      lines(signals, state, traffic).forEach(table::add);
      table.print(call.out());
    }
  }

  /** By name of the server. */
  private static Map<String, SignalTraffic> traffic(Services services, String signalId) {
    Map<String, SignalTraffic> traffic = new LinkedHashMap<>();
    for (ServerMonitor server : services.serverMonitors()) {
      server.signals().stream()
          .filter(each -> each.signalId().equals(signalId))
          .forEach(each -> traffic.put(server.name(), each));
    }
    return traffic;
  }

  private static Map<String, String> lines(
      Signals signals, SignalState state, Map<String, SignalTraffic> traffic) {
    SignalDescriptor signal = state.descriptor();
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("signal", signal.signalId());
    SignalFacts.putNames(lines, signal);
    lines.put("state", signals.stateText(state));
    SignalFacts.putSignal(lines, signal);
    putDomain(lines, signals, state);
    SignalFacts.putRelations(lines, signal);
    state.blocks().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> lines.put("blocks " + entry.getKey(), "" + entry.getValue()));
    traffic.forEach((server, each) -> lines.put("server " + server, traffic(each)));
    return lines;
  }

  private static void putDomain(Map<String, String> lines, Signals signals, SignalState state) {
    SignalDescriptor domain = signals.domainOf(state);
    if (!Signals.isDomain(state)) {
      lines.put("time", domain.signalId());
    }
    SignalFacts.putDomain(lines, domain);
    List<String> values = signals.valuesOf(state.tableId());
    if (Signals.isDomain(state) && !values.isEmpty()) {
      lines.put("values", String.join(", ", values));
    }
  }

  private static String traffic(SignalTraffic traffic) {
    return "%s subscriber%s, %s packets, %s, signal number %s"
        .formatted(
            traffic.subscribers(),
            traffic.subscribers() == 1 ? "" : "s",
            traffic.packets(),
            Format.bytes(traffic.bytes()),
            traffic.signalNumber());
  }

  private static Map<String, Object> document(
      Signals signals, SignalState state, Map<String, SignalTraffic> traffic) {
    SignalDescriptor signal = state.descriptor();
    SignalDescriptor domain = signals.domainOf(state);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("signalId", signal.signalId());
    document.put("name", signal.name());
    document.put("description", signal.description());
    document.put("available", state.available());
    document.put("reason", state.reason());
    document.put("public", signal.isPublic());
    SignalFacts.putSignalDocument(document, signal);
    document.put("tableId", state.tableId());
    SignalFacts.putDomainDocument(document, domain);
    document.put("values", Signals.isDomain(state) ? signals.valuesOf(state.tableId()) : List.of());
    SignalFacts.putRelationsDocument(document, signal);
    document.put("blocks", new TreeMap<>(state.blocks()));
    document.put("servers", traffic);
    return document;
  }
}
