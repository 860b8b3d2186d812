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
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.sample.support.Format;
import org.daqstream.sample.support.SignalFacts;
import org.daqstream.sample.support.Table;
import org.daqstream.signal.api.SignalDescriptor;
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
        print(session.describe(session.ids(globs())).values().stream().map(Described::of).toList());
      }
      streams().check();
    }
    return Daqstream.OK;
  }

  private int recordingInfo() {
    if (!globs().isEmpty()) {
      return recordedSignals();
    }
    ProgressLine line = new ProgressLine(streams(), null);
    AtomicReference<RecordingSummary> summary = new AtomicReference<>();
    try {
      Interruption.interruptible(
          () -> summary.set(Recordings.format(recording()).describe(recording(), line)),
          () -> line.tellBytes(() -> "  " + Format.bytes(recording().toFile().length())));
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

  private int recordedSignals() {
    try (RecordingReader reader = Recordings.format(recording()).open(recording())) {
      RecordingPart part = reader.part();
      List<Described> chosen = new ArrayList<>();
      for (int place : SignalGlob.places(globs(), part.signals())) {
        chosen.add(new Described(part.signals().get(place), part.domain(), null));
      }
      print(chosen);
    } catch (IOException e) {
      throw Recordings.failure(recording(), e);
    }
    streams().check();
    return Daqstream.OK;
  }

  private void device(DeviceSession session) throws InterruptedException {
    DeviceGreeting greeting = session.client().greeting();
    int count = session.client().signalIds(timeoutMs()).size();
    if (json()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("address", address().toString());
      document.put("apiVersion", greeting.apiVersion());
      document.put("streamId", greeting.streamId());
      document.put("commandInterfaces", greeting.commandInterfaces());
      document.put("signals", count);
      streams().out().println(streams().json(document));
      return;
    }
    Table table = new Table("", "");
    table.add("address", address());
    table.add("protocol", greeting.apiVersion());
    table.add("session", greeting.streamId());
    table.add("commands", String.join(", ", greeting.commandInterfaces()));
    table.add("signals", count);
    table.print(streams().out());
  }

  /**
   * A signal to tell of.
   *
   * @param domain {@code null} when it has none, or it is not told
   * @param tableId {@code null} in recordings, which are of one table
   */
  private record Described(SignalDescriptor signal, SignalDescriptor domain, String tableId) {
    static Described of(RemoteSignal remote) {
      return new Described(remote.descriptor(), remote.domain(), remote.tableId());
    }

    boolean isDomain() {
      return domain.signalId().equals(signal.signalId());
    }
  }

  private void print(List<Described> signals) {
    if (json()) {
      List<String> documents =
          signals.stream().map(each -> streams().json(document(each))).toList();
      streams().out().println("[\n" + String.join(",\n", documents) + "\n]");
      return;
    }
    boolean isFirst = true;
    for (Described each : signals) {
      if (!isFirst) {
        streams().out().println();
      }
      isFirst = false;
      Table table = new Table("", "");
      lines(each).forEach(table::add);
      table.print(streams().out());
    }
  }

  private static Map<String, String> lines(Described each) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("signal", each.signal().signalId());
    SignalFacts.putNames(lines, each.signal());
    SignalFacts.putSignal(lines, each.signal());
    if (each.domain() != null) {
      lines.put("domain", each.isDomain() ? "itself" : each.domain().signalId());
      SignalFacts.putDomain(lines, each.domain());
    }
    SignalFacts.putRelations(lines, each.signal());
    return lines;
  }

  private static Map<String, Object> document(Described each) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("signalId", each.signal().signalId());
    document.put("name", each.signal().name());
    document.put("description", each.signal().description());
    SignalFacts.putSignalDocument(document, each.signal());
    if (each.tableId() != null) {
      document.put("tableId", each.tableId());
    }
    if (each.domain() != null) {
      document.put("domainId", each.domain().signalId());
      SignalFacts.putDomainDocument(document, each.domain());
    }
    SignalFacts.putRelationsDocument(document, each.signal());
    return document;
  }
}
