/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON nodes to plain immutable values, so that transports need no JSON library. */
final class JsonValues {
  private JsonValues() {}

  /** The members of an object; empty for anything else. */
  static Map<String, Object> object(JsonNode node) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      values.put(member.getKey(), value(member.getValue()));
    }
    return Collections.unmodifiableMap(values);
  }

  private static Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> number(node);
      case OBJECT -> object(node);
      case ARRAY -> node.valueStream().map(JsonValues::value).toList();
      default -> null;
    };
  }

  private static Number number(JsonNode node) {
    if (!node.isIntegralNumber()) {
      return node.doubleValue();
    }
    return node.canConvertToLong() ? (Number) node.longValue() : node.bigIntegerValue();
  }
}
