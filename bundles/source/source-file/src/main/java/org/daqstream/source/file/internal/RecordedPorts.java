/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalTable;

/** The ports of a table whose signals are those of one file after the other. */
final class RecordedPorts {
  private final Map<String, SignalPort> ports = new HashMap<>();
  private final List<SignalPort> columnPorts = new ArrayList<>();

  /** Of a column of the file that was described. */
  SignalPort of(int column) {
    return columnPorts.get(column);
  }

  /** Has the table tell what is in a file. */
  void describe(SignalTable table, SignalDescriptor domain, List<SignalDescriptor> signals) {
    if (!table.domain().equals(domain)) {
      table.updateDomain(domain);
    }
    table.ports().forEach(port -> ports.put(port.descriptor().signalId(), port));
    Set<String> gone = new HashSet<>(ports.keySet());
    columnPorts.clear();
    for (SignalDescriptor signal : signals) {
      gone.remove(signal.signalId());
      SignalPort port = ports.computeIfAbsent(signal.signalId(), id -> table.open(signal));
      if (!port.descriptor().equals(signal)) {
        port.update(signal);
      }
      columnPorts.add(port);
    }
    gone.forEach(id -> ports.remove(id).close());
  }
}
