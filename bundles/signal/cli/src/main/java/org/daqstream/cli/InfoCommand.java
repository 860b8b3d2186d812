/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.daqstream.client.DeviceGreeting;
import org.daqstream.client.RemoteSignal;
import org.daqstream.protocol.CommandInterface;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.SignalFacts;
import org.daqstream.sample.support.Table;
import picocli.CommandLine.Command;

/** {@code info}. */
@Command(
    name = "info",
    description = {
      "Tells what a device says of itself, or all that it says of signals.",
      "In place of ADDRESS it takes a recording, .parquet, .csv or .wav: signals, ranges, holes,"
          + " sizes."
    })
final class InfoCommand extends DeviceCommand {
  @Override
  int run() throws InterruptedException {
    if (recording() != null) {
      return recordingInfo();
    }
    try (DeviceSession session = open()) {
      if (globs().isEmpty()) {
        device(session);
      } else {
        signals(session.describe(session.ids(globs())));
      }
      streams().check();
    }
    return Daqstream.OK;
  }

  private int recordingInfo() {
    ProgressLine line = new ProgressLine(streams(), null);
    AtomicReference<RecordingSummary> summary = new AtomicReference<>();
    try {
      Interruption.interruptible(
          () -> summary.set(Recordings.format(recording()).describe(recording())),
          () -> line.tell(() -> "  " + Format.bytes(recording().toFile().length())));
      line.end();
      RecordingInfo info = new RecordingInfo(recording(), summary.get());
      if (json()) {
        streams().out().println(streams().json(info.document()));
      } else {
        info.print(streams());
      }
    } catch (IOException e) {
      throw Recordings.failure(recording(), e);
    }
    streams().check();
    return Daqstream.OK;
  }

  private void device(DeviceSession session) throws InterruptedException {
    DeviceGreeting greeting = session.client().greeting();
    int count = session.client().signalIds(timeoutMs()).size();
    List<String> commands =
        greeting.commandInterfaces().stream().map(InfoCommand::commandInterface).toList();
    if (json()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("address", address().toString());
      document.put("apiVersion", greeting.apiVersion());
      document.put("streamId", greeting.streamId());
      document.put("commandInterfaces", commands);
      document.put("signals", count);
      streams().out().println(streams().json(document));
      return;
    }
    Table table = new Table("", "");
    table.add("address", address());
    table.add("protocol", greeting.apiVersion());
    table.add("session", greeting.streamId());
    table.add("commands", String.join(", ", commands));
    table.add("signals", count);
    table.print(streams().out());
  }

  private static String commandInterface(CommandInterface each) {
    return each.isInBand()
        ? each.name()
        : each.name() + " " + each.httpMethod() + " :" + each.port() + each.httpPath();
  }

  private void signals(Map<String, RemoteSignal> signals) {
    if (json()) {
      List<String> documents = new ArrayList<>();
      signals.values().forEach(each -> documents.add(streams().json(document(each))));
      streams().out().println("[\n" + String.join(",\n", documents) + "\n]");
      return;
    }
    boolean isFirst = true;
    for (RemoteSignal each : signals.values()) {
      if (!isFirst) {
        streams().out().println();
      }
      isFirst = false;
      Table table = new Table("", "");
      lines(each).forEach(table::add);
      table.print(streams().out());
    }
  }

  private static Map<String, String> lines(RemoteSignal signal) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("signal", signal.signalId());
    SignalFacts.putNames(lines, signal.descriptor());
    SignalFacts.putSignal(lines, signal.descriptor());
    if (signal.domain() != null) {
      lines.put("domain", signal.isDomain() ? "itself" : signal.domain().signalId());
      SignalFacts.putDomain(lines, signal.domain());
    }
    SignalFacts.putRelations(lines, signal.descriptor());
    return lines;
  }

  private static Map<String, Object> document(RemoteSignal signal) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("signalId", signal.signalId());
    document.put("name", signal.descriptor().name());
    document.put("description", signal.descriptor().description());
    SignalFacts.putSignalDocument(document, signal.descriptor());
    document.put("tableId", signal.tableId());
    if (signal.domain() != null) {
      document.put("domainId", signal.domain().signalId());
      SignalFacts.putDomainDocument(document, signal.domain());
    }
    SignalFacts.putRelationsDocument(document, signal.descriptor());
    return document;
  }
}
