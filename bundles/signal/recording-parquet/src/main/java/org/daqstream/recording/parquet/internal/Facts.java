/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.format.support.RecordingFacts;

/** What a file says of its signals, as its key-value metadata. */
final class Facts {
  private Facts() {}

  static List<KeyValue> of(RecordingPart part, Schema schema) {
    List<KeyValue> pairs = new ArrayList<>();
    RecordingFacts.of(part, schema.signals().stream().map(Schema.Signal::column).toList())
        .forEach((key, value) -> pairs.add(pair(key, value)));
    return pairs;
  }

  static KeyValue pair(String key, String value) {
    KeyValue pair = new KeyValue(key);
    pair.setValue(value);
    return pair;
  }

  static Map<String, String> of(FileMetaData footer) {
    Map<String, String> facts = new LinkedHashMap<>();
    if (footer.isSetKey_value_metadata()) {
      for (KeyValue each : footer.getKey_value_metadata()) {
        facts.put(each.getKey(), each.isSetValue() ? each.getValue() : "");
      }
    }
    return facts;
  }
}
