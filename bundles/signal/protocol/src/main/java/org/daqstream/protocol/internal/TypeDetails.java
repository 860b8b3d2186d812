/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.ProtocolException.Kind;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;

/**
 * The shape of a sample in a signal document: type, dimensions, members, bits (section 3.3, 3.4).
 */
record TypeDetails(String signalId, Fields fields) {
  /** Type of early servers: a vector, replaced by dimensions. */
  private static final String ARRAY = "array";

  private static final int NESTING_LIMIT = 16;

  String dataType() throws ProtocolException {
    String dataType = fields.text("definition.dataType");
    if (dataType.equals(ARRAY)) {
      dataType = fields.text("definition.array.dataType");
    }
    if (dataType.isEmpty()) {
      throw fields.bad("definition.dataType", "is missing");
    }
    return dataType;
  }

  void describe(SignalDescriptor.Builder builder) throws ProtocolException {
    JsonNode definition = fields.first("definition");
    if (fields.text("definition.dataType").equals(ARRAY)) {
      builder.dimensions(
          List.of(
              new Dimension.Linear(
                  ARRAY,
                  0,
                  1,
                  size("array.count", definition.path(ARRAY).path("count")),
                  Unit.NONE)));
    } else {
      builder.dimensions(dimensions("definition", definition));
    }
    if (fields.text("definition.dataType").equals(DataTypes.STRUCT)) {
      builder.members(members("definition", definition.path("struct"), 0));
    }
    JsonNode bitField = fields.first("definition.bitField");
    String bitFieldType = bitField.path("dataType").asText("");
    if (!bitFieldType.isEmpty()) {
      builder.bits(bitFieldType, bits(bitField));
    }
  }

  /** The list is called {@code bits} by the library and {@code bit} in the protocol's text. */
  private List<Bit> bits(JsonNode bitField) throws ProtocolException {
    List<Bit> bits = new ArrayList<>();
    for (JsonNode bit : bitField.has("bits") ? bitField.path("bits") : bitField.path("bit")) {
      OptionalLong index = Numbers.whole(bit.path("index"));
      if (index.isEmpty() || index.getAsLong() < 0 || index.getAsLong() >= 128) {
        throw bad("definition.bitField.bits.index", "must be 0 to 127", bit.path("index"));
      }
      String description = bit.path("description").asText("");
      if (description.isEmpty()) {
        description = bit.path("bitDescription").asText("");
      }
      bits.add(new Bit((int) index.getAsLong(), description, bit.path("uuid").asText("")));
    }
    return bits;
  }

  private List<StructMember> members(String path, JsonNode struct, int depth)
      throws ProtocolException {
    if (!struct.isArray() || struct.isEmpty() || depth > NESTING_LIMIT) {
      throw bad(path + ".struct", "must be a list of members", struct);
    }
    List<StructMember> members = new ArrayList<>();
    for (JsonNode member : struct) {
      String name = member.path("name").asText("");
      String memberPath = path + ".struct." + name;
      String dataType = member.path("dataType").asText("");
      if (dataType.isEmpty()) {
        throw bad(memberPath + ".dataType", "is missing", member);
      }
      members.add(
          new StructMember(
              name,
              dataType,
              dimensions(memberPath, member),
              dataType.equals(DataTypes.STRUCT)
                  ? members(memberPath, member.path("struct"), depth + 1)
                  : List.of()));
    }
    return members;
  }

  private List<Dimension> dimensions(String path, JsonNode owner) throws ProtocolException {
    List<Dimension> dimensions = new ArrayList<>();
    for (JsonNode node : owner.path("dimensions")) {
      dimensions.add(dimension(path + ".dimensions", node));
    }
    return dimensions;
  }

  private Dimension dimension(String path, JsonNode node) throws ProtocolException {
    String name = node.path("name").asText("");
    Unit unit = unit(node.path("unit"));
    String rule = node.path("rule").asText("linear");
    return switch (rule) {
      case "linear" -> {
        JsonNode line = node.path("linear");
        yield new Dimension.Linear(
            name,
            real(line, "start", 0),
            real(line, "delta", 1),
            size(path, line.path("size")),
            unit);
      }
      case "log", "logarithmic" -> {
        JsonNode line = node.path(node.has("log") ? "log" : "logarithmic");
        yield new Dimension.Log(
            name,
            real(line, "start", 0),
            real(line, "delta", 1),
            real(line, "base", 10),
            size(path, line.path("size")),
            unit);
      }
      case "list" -> new Dimension.Values(name, values(path, node), unit);
      default -> throw bad(path + ".rule", "is not known", node.path("rule"));
    };
  }

  private List<Object> values(String path, JsonNode node) throws ProtocolException {
    JsonNode list = node.path("list");
    JsonNode values = list.isArray() ? list : list.path("values");
    if (!values.isArray() || values.isEmpty()) {
      throw bad(path + ".list.values", "must be a list", values);
    }
    return values
        .valueStream()
        .<Object>map(value -> value.isNumber() ? value.numberValue() : value.asText())
        .toList();
  }

  private static Unit unit(JsonNode node) {
    if (!node.isObject()) {
      return Unit.NONE;
    }
    return new Unit(
        node.path("unitId").asInt(Unit.NONE.unitId()),
        node.path("displayName").asText(""),
        node.path("name").asText(""),
        node.path("quantity").asText(""));
  }

  private static double real(JsonNode node, String key, double absent) {
    OptionalDouble number = Numbers.real(node.path(key));
    return number.orElse(absent);
  }

  private int size(String path, JsonNode node) throws ProtocolException {
    OptionalLong size = Numbers.whole(node);
    if (size.isEmpty() || size.getAsLong() < 1 || size.getAsLong() > Integer.MAX_VALUE) {
      throw bad(path + " size", "must be 1 to 2^31-1", node);
    }
    return (int) size.getAsLong();
  }

  private ProtocolException bad(String path, String what, JsonNode found) {
    return new ProtocolException(
        Kind.BAD_SIGNAL,
        "signal " + signalId + ": " + path + " " + what + ", not " + Fields.shorten(found));
  }
}
