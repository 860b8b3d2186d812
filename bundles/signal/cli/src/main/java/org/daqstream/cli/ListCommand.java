/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.client.RemoteSignal;
import org.daqstream.sample.support.SignalFacts;
import org.daqstream.sample.support.Table;
import org.daqstream.signal.api.SignalDescriptor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code list}. */
@Command(name = "list", description = "Lists the signals of a device, one on a line.")
final class ListCommand extends DeviceCommand {
  @Option(
      names = {"-l", "--long"},
      description = "Also type, rate, unit and name: asks the device to describe them.")
  private boolean isLong;

  @Override
  int run() throws InterruptedException {
    try (DeviceSession session = open()) {
      Set<String> ids = session.ids(globsOrAll());
      if (isLong) {
        printLong(session.describe(ids));
      } else if (json()) {
        printJson(ids.stream().map(id -> Map.<String, Object>of("signalId", id)).toList());
      } else {
        ids.forEach(id -> streams().out().println(streams().text(id)));
      }
      streams().check(); // before the device is left, which takes time
    }
    return Daqstream.OK;
  }

  private void printLong(Map<String, RemoteSignal> signals) {
    List<Map<String, Object>> documents = new ArrayList<>();
    Table table = new Table("SIGNAL", "TYPE", "RATE", "UNIT", "NAME");
    for (RemoteSignal each : signals.values()) {
      SignalDescriptor signal = each.descriptor();
      SignalDescriptor domain = each.domain();
      String name = signal.name().equals(signal.signalId()) ? "" : signal.name();
      String kind = each.isDomain() ? signal.dataType() + " domain" : signal.dataType();
      String rate = domain == null ? "" : SignalFacts.rate(domain);
      table.add(signal.signalId(), kind, rate, signal.unit().symbol(), name);
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("signalId", signal.signalId());
      document.put("dataType", signal.dataType());
      document.put("domain", each.isDomain());
      document.put("rateHz", domain == null ? null : SignalFacts.rateHz(domain));
      document.put("unit", signal.unit().symbol());
      document.put("name", signal.name());
      documents.add(document);
    }
    if (json()) {
      printJson(documents);
    } else {
      table.print(streams().out());
    }
  }

  private void printJson(List<Map<String, Object>> documents) {
    String separator = "[\n";
    for (Map<String, Object> each : documents) {
      streams().out().print(separator + streams().json(each));
      separator = ",\n";
    }
    streams().out().println("\n]");
  }
}
