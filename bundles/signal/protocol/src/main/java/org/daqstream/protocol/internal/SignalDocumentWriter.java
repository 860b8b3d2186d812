/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;

/** Descriptor to signal document (protocol sections 3.1 and 4, points 18 to 35). */
public final class SignalDocumentWriter {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final SignalDescriptor descriptor;
  private final String tableId;
  private final PeerProfile profile;
  private final boolean domain;
  private final Unit unit;
  private final Resolution resolution;

  private SignalDocumentWriter(SignalDescriptor descriptor, String tableId, PeerProfile profile) {
    this.descriptor = descriptor;
    this.tableId = tableId;
    this.profile = profile;
    this.domain = tableId.equals(descriptor.signalId());
    if (domain) {
      TimeInSeconds time = TimeInSeconds.of(descriptor.unit(), descriptor.resolution());
      this.unit = time.unit();
      this.resolution = time.resolution();
    } else {
      this.unit = TimeInSeconds.valueUnit(descriptor.unit());
      this.resolution = descriptor.resolution();
    }
  }

  /** See {@link org.daqstream.protocol.SignalDocument#resolution}. */
  public static Resolution resolution(SignalDescriptor domain) {
    return TimeInSeconds.of(domain.unit(), domain.resolution()).resolution();
  }

  public static ObjectNode write(
      SignalDescriptor descriptor,
      Map<String, Object> definition,
      String tableId,
      long valueIndex,
      PeerProfile profile) {
    SignalDocumentWriter writer = new SignalDocumentWriter(descriptor, tableId, profile);
    ObjectNode document = NODES.objectNode();
    document.set("definition", writer.definition(definition));
    document.set("interpretation", writer.interpretation());
    if (!writer.domain) {
      PeerForm.fit(descriptor.signalId(), document, profile);
      if (profile == PeerProfile.LT) {
        limitBytes((ObjectNode) document.get("definition"));
      }
    }
    ArrayNode related = writer.relatedSignals();
    if (!related.isEmpty()) {
      document.set("relatedSignals", related);
    }
    return document.put("tableId", tableId).put("valueIndex", valueIndex);
  }

  /** The openDAQ SDK of the LT family (3.30.3) makes no signal of bytes whose range is not told. */
  private static void limitBytes(ObjectNode definition) {
    if (definition.path("dataType").asText().equals(DataTypes.UINT8) && !definition.has("range")) {
      definition.putObject("range").put("low", 0).put("high", 255);
    }
  }

  /** Why a family's clients cannot be offered a value signal, empty when they can. */
  public static String refusal(
      SignalDescriptor descriptor, Map<String, Object> definition, PeerProfile profile) {
    return PeerForm.fit(
        descriptor.signalId(), write(descriptor, definition, "", 0, PeerProfile.FULL), profile);
  }

  private ObjectNode definition(Map<String, Object> writersPart) {
    ObjectNode definition = NODES.objectNode();
    definition.put("name", descriptor.name());
    definition.put("dataType", descriptor.dataType());
    definition.put("rule", ruleName(descriptor.rule()));
    if (descriptor.rule() instanceof Rule.Linear linear) {
      definition.putObject("linear").put("delta", linear.deltaTicks());
    }
    putMeasure(definition);
    if (descriptor.range() != null) {
      definition
          .putObject("range")
          .put("low", descriptor.range().low())
          .put("high", descriptor.range().high());
    }
    putTypeDetails(definition);
    putWritersPart(definition, writersPart);
    return definition;
  }

  /** Says what a number of the signal stands for. */
  private void putMeasure(ObjectNode definition) {
    if (tellsUnit()) {
      definition
          .putObject("unit")
          .put("displayName", unit.symbol())
          .put("unitId", unit.unitId())
          .put("quantity", unit.quantity());
    }
    if (resolution != null && mayHaveResolution()) {
      definition
          .putObject("resolution")
          .put("num", resolution.num())
          .put("denom", resolution.denom());
    }
    if (!descriptor.origin().isEmpty()) {
      definition.put("absoluteReference", descriptor.origin());
      definition.put("origin", descriptor.origin());
    }
  }

  /**
   * Families that lay an update over what they know must be told of no unit, too, or they keep an
   * old one; the {@code ws-streaming} family replaces everything.
   */
  private boolean tellsUnit() {
    return !unit.equals(Unit.NONE) || profile != PeerProfile.WS_STREAMING;
  }

  /** The LT family closes the session on a resolution of anything but a time in seconds. */
  private boolean mayHaveResolution() {
    return profile != PeerProfile.LT || (domain && TimeInSeconds.isSeconds(unit));
  }

  private void putTypeDetails(ObjectNode definition) {
    putDimensions(definition, descriptor.dimensions());
    if (!descriptor.members().isEmpty()) {
      definition.set("struct", members(descriptor.members()));
    }
    if (!descriptor.bitFieldType().isEmpty()) {
      ObjectNode bitField = definition.putObject("bitField");
      bitField.put("dataType", descriptor.bitFieldType());
      ArrayNode bits = bitField.putArray("bits");
      for (Bit bit : descriptor.bits()) {
        bits.addObject()
            .put("index", bit.index())
            .put("uuid", bit.uuid())
            .put("description", bit.description());
      }
    }
  }

  /** The writer has the last word: a key without a value is not told. */
  private void putWritersPart(ObjectNode definition, Map<String, Object> writersPart) {
    for (Map.Entry<String, Object> entry : writersPart.entrySet()) {
      if (entry.getValue() == null) {
        definition.remove(entry.getKey());
      } else {
        definition.set(entry.getKey(), node(entry.getKey(), entry.getValue()));
      }
    }
  }

  private ObjectNode interpretation() {
    ObjectNode interpretation = NODES.objectNode();
    interpretation.put("desc_name", descriptor.name());
    interpretation.put("sig_name", descriptor.name());
    interpretation.put("sig_desc", descriptor.description());
    if (!descriptor.origin().isEmpty()) {
      interpretation.put("origin", descriptor.origin());
    }
    ObjectNode rule = interpretation.putObject("rule");
    rule.put("type", RuleNumber.of(descriptor.rule()));
    if (descriptor.rule() instanceof Rule.Linear linear) {
      // A start other than 0 would be added twice by some peers.
      rule.putObject("parameters").put("delta", linear.deltaTicks()).put("start", 0);
    } else {
      rule.putNull("parameters");
    }
    if (tellsUnit()) {
      interpretation
          .putObject("unit")
          .put("id", unit.unitId())
          .put("name", unit.name())
          .put("quantity", unit.quantity())
          .put("symbol", unit.symbol());
    }
    if (!descriptor.metadata().isEmpty()) {
      ObjectNode metadata = interpretation.putObject("metadata");
      descriptor.metadata().forEach(metadata::put);
    }
    if (descriptor.rule() instanceof Rule.LinearValue line) {
      ObjectNode original = NODES.objectNode().put("rule", "linear");
      double scale = descriptor.postScaling() == null ? 1 : descriptor.postScaling().scale();
      original.putObject("linear").set("delta", number(line.delta() * scale));
      interpretation.withObjectProperty("metadata").put(PeerForm.ORIGINAL, original.toString());
    }
    return interpretation;
  }

  private ArrayNode relatedSignals() {
    ArrayNode related = NODES.arrayNode();
    if (!domain) {
      related.addObject().put("type", "domain").put("signalId", tableId);
    }
    for (RelatedSignal each : descriptor.relatedSignals()) {
      related.addObject().put("type", each.type()).put("signalId", each.signalId());
    }
    return related;
  }

  private static String ruleName(Rule rule) {
    if (rule instanceof Rule.Linear) {
      return "linear";
    }
    return rule instanceof Rule.Constant ? "constant" : "explicit";
  }

  /** Says which dimensions a signal or member has, nothing for none. */
  static void putDimensions(ObjectNode owner, List<Dimension> dimensions) {
    if (dimensions.isEmpty()) {
      return;
    }
    ArrayNode array = owner.putArray("dimensions");
    for (Dimension dimension : dimensions) {
      ObjectNode node = array.addObject().put("name", dimension.name());
      if (dimension instanceof Dimension.Linear linear) {
        ObjectNode line = node.put("rule", "linear").putObject("linear");
        line.set("start", number(linear.start()));
        line.set("delta", number(linear.delta()));
        line.put("size", linear.size());
      } else if (dimension instanceof Dimension.Log log) {
        ObjectNode line = node.put("rule", "log").putObject("log");
        line.set("start", number(log.start()));
        line.set("delta", number(log.delta()));
        line.set("base", number(log.base()));
        line.put("size", log.size());
      } else if (dimension instanceof Dimension.Values values) {
        ArrayNode list = node.put("rule", "list").putObject("list").putArray("values");
        values.values().forEach(value -> list.add(plainNode(value)));
      }
      if (!dimension.unit().equals(Unit.NONE)) {
        Unit unit = TimeInSeconds.valueUnit(dimension.unit());
        node.putObject("unit")
            .put("displayName", unit.symbol())
            .put("unitId", unit.unitId())
            .put("quantity", unit.quantity())
            .put("name", unit.name());
      }
    }
  }

  private static ArrayNode members(List<StructMember> members) {
    ArrayNode array = NODES.arrayNode();
    for (StructMember member : members) {
      ObjectNode node = array.addObject();
      node.put("name", member.name()).put("dataType", member.dataType()).put("rule", "explicit");
      putDimensions(node, member.dimensions());
      if (member.dataType().equals(DataTypes.STRUCT)) {
        node.set("struct", members(member.members()));
      }
    }
    return array;
  }

  /** Whole numbers as integers: some peers compare start and delta of a dimension with 1 and 0. */
  private static JsonNode number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1L << 53
        ? NODES.numberNode((long) value)
        : NODES.numberNode(value);
  }

  private JsonNode node(String key, Object value) {
    try {
      return plainNode(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "signal " + descriptor.signalId() + ": definition." + key + ": " + e.getMessage(), e);
    }
  }

  private static JsonNode plainNode(Object value) {
    if (value instanceof String text) {
      return NODES.textNode(text);
    }
    if (value instanceof Boolean flag) {
      return NODES.booleanNode(flag);
    }
    if (value instanceof Float || value instanceof Double) {
      return NODES.numberNode(((Number) value).doubleValue());
    }
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      return NODES.numberNode(((Number) value).longValue());
    }
    if (value instanceof List<?> list) {
      ArrayNode array = NODES.arrayNode();
      list.forEach(each -> array.add(plainNode(each)));
      return array;
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode object = NODES.objectNode();
      map.forEach((key, each) -> object.set(String.valueOf(key), plainNode(each)));
      return object;
    }
    if (value == null) {
      return NODES.nullNode();
    }
    throw new IllegalArgumentException("cannot be sent: " + value.getClass().getName());
  }
}
