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
import org.daqstream.sample.support.Table;
import org.daqstream.sample.support.ValueText;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.PostScaling;
import org.daqstream.signal.api.Range;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;

/** {@code signal:info}. */
public final class ShowSignal {
  /** Kinds of dimensions have different facts. */
  private record Described(String kind, Dimension facts) {
    static Described of(Dimension dimension) {
      return new Described(dimension.getClass().getSimpleName(), dimension);
    }
  }

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
    put(lines, "name", signal.name().equals(signal.signalId()) ? "" : signal.name());
    put(lines, "description", signal.description());
    lines.put("state", signals.stateText(state));
    lines.put("type", signal.dataType() + ", " + rule(signal.rule()));
    put(lines, "unit", unit(signal.unit()));
    if (signal.range() != null) {
      Range range = signal.range();
      lines.put("range", ValueText.of(range.low()) + " to " + ValueText.of(range.high()));
    }
    if (signal.postScaling() != null) {
      PostScaling scaling = signal.postScaling();
      lines.put("value", scaling.scale() + " * sample + " + scaling.offset());
    }
    signal.dimensions().forEach(each -> put(lines, "dimension " + each.name(), dimension(each)));
    signal.members().forEach(each -> put(lines, "member " + each.name(), member(each)));
    signal.bits().forEach(each -> lines.put("bit " + each.index(), each.description()));
    putDomain(lines, signals, state);
    signal.relatedSignals().forEach(each -> lines.put(each.type(), each.signalId()));
    new TreeMap<>(signal.metadata()).forEach((key, value) -> lines.put("metadata " + key, value));
    state.blocks().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> lines.put("blocks " + entry.getKey(), "" + entry.getValue()));
    traffic.forEach((server, each) -> lines.put("server " + server, traffic(each)));
    return lines;
  }

  private static void put(Map<String, String> lines, String key, String value) {
    if (!value.isEmpty()) {
      lines.put(key, value);
    }
  }

  private static void putDomain(Map<String, String> lines, Signals signals, SignalState state) {
    SignalDescriptor domain = signals.domainOf(state);
    if (!Signals.isDomain(state)) {
      lines.put("time", domain.signalId());
    }
    lines.put("rate", Signals.rate(domain));
    Resolution resolution = domain.resolution();
    if (resolution != null) {
      lines.put(
          "tick",
          "%s/%s %s%s"
              .formatted(
                  resolution.num(),
                  resolution.denom(),
                  domain.unit().symbol(),
                  domain.origin().isEmpty() ? "" : " since " + domain.origin()));
    }
    if (Signals.isDomain(state)) {
      put(lines, "values", String.join(", ", signals.valuesOf(state.tableId())));
    }
  }

  private static String rule(Rule rule) {
    if (rule instanceof Rule.Linear linear) {
      return "linear rule with " + linear.deltaTicks() + " ticks from row to row";
    }
    if (rule instanceof Rule.LinearValue line) {
      return "linear rule with " + line.delta() + " from row to row";
    }
    return rule instanceof Rule.Constant ? "constant rule" : "explicit rule";
  }

  private static String unit(Unit unit) {
    if (unit.equals(Unit.NONE)) {
      return "";
    }
    String quantity = unit.quantity().isEmpty() ? "" : ", " + unit.quantity();
    return unit.symbol() + " (" + unit.name() + quantity + ", id " + unit.unitId() + ")";
  }

  private static String dimension(Dimension dimension) {
    return "%s from %s to %s %s"
        .formatted(
            dimension.size(),
            dimension.valueAt(0),
            dimension.valueAt(dimension.size() - 1),
            dimension.unit().symbol());
  }

  private static String member(StructMember member) {
    StringBuilder text = new StringBuilder(member.dataType());
    member.dimensions().forEach(each -> text.append('[').append(each.size()).append(']'));
    for (StructMember inner : member.members()) {
      text.append(text.indexOf("{") < 0 ? " {" : ", ");
      text.append(inner.name()).append(' ').append(member(inner));
    }
    return text.append(member.members().isEmpty() ? "" : "}").toString();
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
    document.put("dataType", signal.dataType());
    document.put("rule", Map.of(ruleName(signal.rule()), signal.rule()));
    document.put("unit", signal.unit());
    document.put("range", signal.range());
    document.put("postScaling", signal.postScaling());
    document.put("dimensions", signal.dimensions().stream().map(Described::of).toList());
    document.put("members", signal.members());
    document.put("bitFieldType", signal.bitFieldType());
    document.put("bits", signal.bits());
    document.put("tableId", state.tableId());
    document.put("rateHz", Signals.rateHz(domain));
    document.put("resolution", domain.resolution());
    document.put("origin", domain.origin());
    document.put("values", Signals.isDomain(state) ? signals.valuesOf(state.tableId()) : List.of());
    document.put("relatedSignals", signal.relatedSignals());
    document.put("metadata", new TreeMap<>(signal.metadata()));
    document.put("blocks", new TreeMap<>(state.blocks()));
    document.put("servers", traffic);
    return document;
  }

  private static String ruleName(Rule rule) {
    return rule instanceof Rule.Linear || rule instanceof Rule.LinearValue
        ? "linear"
        : rule instanceof Rule.Constant ? "constant" : "explicit";
  }
}
