/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.format.KeyValue;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.sample.support.Json;
import org.daqstream.sample.support.SignalFacts;
import org.daqstream.signal.api.SignalDescriptor;

/** What a file says of its signals, as its key-value metadata. */
final class Facts {
  static final String HOLES = "daqstream.holes";

  private Facts() {}

  static List<KeyValue> of(RecordingPart part, Schema schema) {
    Map<String, String> facts = new TreeMap<>(part.facts());
    SignalDescriptor domain = part.domain();
    facts.put("daqstream.format", "1");
    facts.put("daqstream.table", domain.signalId());
    facts.put("daqstream.tick.unit", domain.unit().symbol());
    facts.put("daqstream.tick.origin", domain.origin());
    if (domain.resolution() != null) {
      facts.put(
          "daqstream.tick.resolution",
          domain.resolution().num() + "/" + domain.resolution().denom());
    }
    facts.put("daqstream.domain", Json.of(document(domain)));
    List<Object> signals = new ArrayList<>();
    for (Schema.Signal each : schema.signals()) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("column", each.column());
      document.putAll(document(each.descriptor()));
      signals.add(document);
    }
    facts.put("daqstream.signals", Json.of(signals));
    List<KeyValue> pairs = new ArrayList<>();
    facts.forEach((key, value) -> pairs.add(pair(key, value)));
    return pairs;
  }

  static KeyValue pair(String key, String value) {
    KeyValue pair = new KeyValue(key);
    pair.setValue(value);
    return pair;
  }

  private static Map<String, Object> document(SignalDescriptor signal) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("signalId", signal.signalId());
    document.put("name", signal.name());
    document.put("description", signal.description());
    SignalFacts.putSignalDocument(document, signal);
    SignalFacts.putDomainDocument(document, signal);
    SignalFacts.putRelationsDocument(document, signal);
    return document;
  }
}
