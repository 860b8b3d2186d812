/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Services;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;

/** The published signals at a moment, by id. */
final class Signals {
  private final Map<String, SignalState> states = new LinkedHashMap<>();

  Signals(Services services) {
    services.signals().signals().forEach(each -> states.put(each.descriptor().signalId(), each));
  }

  List<SignalState> all() {
    return List.copyOf(states.values());
  }

  /** One signal, or an error that names similar ones. */
  SignalState get(String signalId) {
    SignalState state = states.get(signalId);
    if (state == null) {
      throw CommandException.unknown("no signal", signalId, states.keySet());
    }
    return state;
  }

  /** The descriptor of the domain that a signal belongs to; its own for a domain signal. */
  SignalDescriptor domainOf(SignalState state) {
    return states.getOrDefault(state.tableId(), state).descriptor();
  }

  static boolean isDomain(SignalState state) {
    return state.tableId().equals(state.descriptor().signalId());
  }

  List<String> valuesOf(String tableId) {
    return states.values().stream()
        .filter(state -> state.tableId().equals(tableId) && !isDomain(state))
        .map(state -> state.descriptor().signalId())
        .toList();
  }

  /** Whether clients are offered it; a hidden domain goes along with the values that need it. */
  boolean isOffered(SignalState state) {
    return state.available() && isVisible(state);
  }

  private boolean isVisible(SignalState state) {
    return state.descriptor().isPublic()
        || (isDomain(state)
            && states.values().stream()
                .anyMatch(
                    each ->
                        each.tableId().equals(state.tableId())
                            && each.available()
                            && each.descriptor().isPublic()));
  }

  /** What clients see of it, for people. */
  String stateText(SignalState state) {
    if (!state.available()) {
      return "unavailable: " + state.reason();
    }
    return isVisible(state) ? "available" : "hidden";
  }

  /** Ids for completion; none while there is no registry. */
  static List<String> ids(Services services) {
    return ids(services, state -> true);
  }

  /** Ids of value signals for completion. */
  static List<String> valueIds(Services services) {
    return ids(services, state -> !isDomain(state));
  }

  private static List<String> ids(Services services, Predicate<SignalState> wanted) {
    return services.signalRegistry().stream()
        .flatMap(registry -> registry.signals().stream())
        .filter(wanted)
        .map(state -> state.descriptor().signalId())
        .toList();
  }
}
