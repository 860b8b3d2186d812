/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.format.support;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.sample.support.DescriptorText;
import org.daqstream.sample.support.Json;
import org.daqstream.signal.api.SignalDescriptor;

/** What a file says of its signals, as texts with keys: the same in all formats. */
public final class RecordingFacts {
  /** What is missing, JSON. */
  public static final String HOLES = "daqstream.holes";

  private static final String FORMAT = "daqstream.format";
  private static final String DOMAIN = "daqstream.domain";
  private static final String SIGNALS = "daqstream.signals";
  private static final String TABLE = "daqstream.table";
  private static final String TICK = "daqstream.tick.";
  private static final String COLUMN = "column";

  private RecordingFacts() {}

  /**
   * {@return all that is known before there are rows}
   *
   * @param columns what the signals are called in the file
   */
  public static Map<String, String> of(RecordingPart part, List<String> columns) {
    Map<String, String> facts = new TreeMap<>(part.facts());
    SignalDescriptor domain = part.domain();
    facts.put(FORMAT, "1");
    facts.put(TABLE, domain.signalId());
    facts.put(TICK + "unit", domain.unit().symbol());
    facts.put(TICK + "origin", domain.origin());
    if (domain.resolution() != null) {
      facts.put(TICK + "resolution", domain.resolution().num() + "/" + domain.resolution().denom());
    }
    facts.put(DOMAIN, Json.of(DescriptorText.document(domain)));
    List<Object> signals = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put(COLUMN, columns.get(i));
      document.putAll(DescriptorText.document(part.signals().get(i)));
      signals.add(document);
    }
    facts.put(SIGNALS, Json.of(signals));
    return facts;
  }

  /** {@return whether the facts are of a recording of ours} */
  public static boolean isOwn(Map<String, String> facts) {
    return facts.containsKey(DOMAIN) && facts.containsKey(SIGNALS);
  }

  /**
   * {@return what was recorded, with the facts that it had}
   *
   * @param facts of a recording of ours
   */
  public static RecordingPart part(Map<String, String> facts) throws IOException {
    List<SignalDescriptor> signals = new ArrayList<>();
    for (Map<?, ?> each : list(facts.get(SIGNALS))) {
      signals.add(DescriptorText.signal(each));
    }
    Map<String, String> own = new TreeMap<>(facts);
    own.keySet().removeAll(List.of(FORMAT, DOMAIN, SIGNALS, TABLE, HOLES));
    own.keySet().removeIf(key -> key.startsWith(TICK));
    SignalDescriptor domain = DescriptorText.signal(Json.parse(facts.get(DOMAIN)));
    return new RecordingPart(domain, signals, own);
  }

  /** {@return what the signals are called in the file} */
  public static List<String> columns(Map<String, String> facts) throws IOException {
    List<String> columns = new ArrayList<>();
    for (Map<?, ?> each : list(facts.get(SIGNALS))) {
      columns.add(String.valueOf(each.get(COLUMN)));
    }
    return columns;
  }

  /** {@return what is missing, none when nothing is said of it} */
  public static List<RecordingHole> holes(Map<String, String> facts) throws IOException {
    List<RecordingHole> holes = new ArrayList<>();
    for (Map<?, ?> each : list(facts.getOrDefault(HOLES, "[]"))) {
      holes.add(
          new RecordingHole(
              String.valueOf(each.get("signalId")),
              String.valueOf(each.get("reason")),
              whole(each.get("fromRow")),
              whole(each.get("toRow")),
              Boolean.TRUE.equals(each.get("isTimeKnown")),
              whole(each.get("fromTick")),
              whole(each.get("toTick"))));
    }
    return holes;
  }

  /** {@return the fact {@link #HOLES}} */
  public static String textOf(List<RecordingHole> holes) {
    return Json.of(holes);
  }

  private static long whole(Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }

  private static List<Map<?, ?>> list(String json) throws IOException {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (Json.parse(json) instanceof List<?> list) {
      for (Object each : list) {
        if (each instanceof Map<?, ?> map) {
          maps.add(map);
        }
      }
    }
    return maps;
  }
}
