/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.sample.support;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;

/** Descriptions of signals as documents for files, and back: nothing is lost between. */
public final class DescriptorText {
  private DescriptorText() {}

  /** {@return all facts of a signal, for {@link Json}} */
  public static Map<String, Object> document(SignalDescriptor signal) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("signalId", signal.signalId());
    document.put("name", signal.name());
    document.put("description", signal.description());
    SignalFacts.putSignalDocument(document, signal);
    SignalFacts.putDomainDocument(document, signal);
    SignalFacts.putRelationsDocument(document, signal);
    document.put("replayLast", signal.replayLast());
    document.put("isPublic", signal.isPublic());
    return document;
  }

  /**
   * {@return the signal of a document}
   *
   * @param document what {@link #document} made and {@link Json} wrote and read
   * @throws IOException when it is of something else
   */
  public static SignalDescriptor signal(Object document) throws IOException {
    try {
      return read(map(document));
    } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
      throw new IOException("a signal's description that cannot be read: " + e.getMessage(), e);
    }
  }

  private static SignalDescriptor read(Map<String, Object> from) {
    SignalDescriptor.Builder signal =
        SignalDescriptor.value(text(from, "signalId"), text(from, "dataType"))
            .name(text(from, "name"))
            .description(text(from, "description"))
            .rule(rule(map(from.get("rule"))))
            .unit(unit(from.get("unit")))
            .dimensions(dimensions(from.get("dimensions")))
            .members(members(from.get("members")))
            .origin(text(from, "origin"))
            .replayLast(Boolean.TRUE.equals(from.get("replayLast")))
            .isPublic(!Boolean.FALSE.equals(from.get("isPublic")));
    if (from.get("range") instanceof Map<?, ?> range) {
      signal.range(real(range.get("low")), real(range.get("high")));
    }
    if (from.get("postScaling") instanceof Map<?, ?> scaling) {
      signal.postScaling(real(scaling.get("offset")), real(scaling.get("scale")));
    }
    if (!text(from, "bitFieldType").isEmpty()) {
      signal.bits(text(from, "bitFieldType"), bits(from.get("bits")));
    }
    if (from.get("resolution") instanceof Map<?, ?> tick) {
      signal.resolution(new Resolution(whole(tick.get("num")), whole(tick.get("denom"))));
    }
    List<RelatedSignal> related = new ArrayList<>();
    for (Map<String, Object> each : maps(from.get("relatedSignals"))) {
      related.add(new RelatedSignal(text(each, "type"), text(each, "signalId")));
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    map(from.get("metadata")).forEach((key, value) -> metadata.put(key, (String) value));
    return signal.relatedSignals(related).metadata(metadata).build();
  }

  private static Rule rule(Map<String, Object> rule) {
    if (rule.get("linear") instanceof Map<?, ?> linear) {
      return linear.containsKey("deltaTicks")
          ? new Rule.Linear(whole(linear.get("deltaTicks")))
          : new Rule.LinearValue(real(linear.get("delta")));
    }
    return rule.containsKey("constant") ? Rule.CONSTANT : Rule.EXPLICIT;
  }

  private static Unit unit(Object document) {
    Map<String, Object> unit = map(document);
    return new Unit(
        (int) whole(unit.get("unitId")),
        text(unit, "symbol"),
        text(unit, "name"),
        text(unit, "quantity"));
  }

  private static List<Dimension> dimensions(Object documents) {
    List<Dimension> dimensions = new ArrayList<>();
    for (Map<String, Object> each : maps(documents)) {
      dimensions.add(dimension(each.containsKey("facts") ? map(each.get("facts")) : each));
    }
    return dimensions;
  }

  private static Dimension dimension(Map<String, Object> facts) {
    String name = text(facts, "name");
    Unit unit = unit(facts.get("unit"));
    if (facts.get("values") instanceof List<?> values) {
      return new Dimension.Values(name, List.copyOf(values), unit);
    }
    double start = real(facts.get("start"));
    double delta = real(facts.get("delta"));
    int size = (int) whole(facts.get("size"));
    return facts.containsKey("base")
        ? new Dimension.Log(name, start, delta, real(facts.get("base")), size, unit)
        : new Dimension.Linear(name, start, delta, size, unit);
  }

  private static List<StructMember> members(Object documents) {
    List<StructMember> members = new ArrayList<>();
    for (Map<String, Object> each : maps(documents)) {
      members.add(
          new StructMember(
              text(each, "name"),
              text(each, "dataType"),
              dimensions(each.get("dimensions")),
              members(each.get("members"))));
    }
    return members;
  }

  private static List<Bit> bits(Object documents) {
    List<Bit> bits = new ArrayList<>();
    for (Map<String, Object> each : maps(documents)) {
      bits.add(
          new Bit((int) whole(each.get("index")), text(each, "description"), text(each, "uuid")));
    }
    return bits;
  }

  @SuppressWarnings("unchecked") // keys of JSON are texts
  private static Map<String, Object> map(Object document) {
    return document == null ? Map.of() : (Map<String, Object>) document;
  }

  private static List<Map<String, Object>> maps(Object documents) {
    List<Map<String, Object>> maps = new ArrayList<>();
    if (documents instanceof List<?> list) {
      list.forEach(each -> maps.add(map(each)));
    }
    return maps;
  }

  private static String text(Map<String, Object> from, String key) {
    Object text = from.get(key);
    return text == null ? "" : (String) text;
  }

  /** What is not finite is written as a text. */
  private static double real(Object value) {
    return value instanceof String text ? Double.parseDouble(text) : ((Number) value).doubleValue();
  }

  private static long whole(Object value) {
    return ((Number) value).longValue();
  }
}
