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
import java.util.stream.Stream;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.ProtocolException.Kind;

/** Signal ids as they stand in the parameters of messages, in all shapes that peers send. */
public final class SignalIds {
  private SignalIds() {}

  public static ObjectNode one(String signalId) {
    return JsonNodeFactory.instance.objectNode().put("signalId", signalId);
  }

  public static ObjectNode many(List<String> signalIds) {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.set("signalIds", array(signalIds));
    return params;
  }

  public static ArrayNode array(List<String> signalIds) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    signalIds.forEach(array::add);
    return array;
  }

  /** Ids of {@code {signalIds:[…]}} or a bare array; what is no string is left out. */
  public static List<String> parseMany(JsonNode params) {
    JsonNode ids = params.isObject() ? params.path("signalIds") : params;
    Stream<JsonNode> each = ids.isArray() ? ids.valueStream() : Stream.of(ids);
    return each.filter(JsonNode::isTextual).map(JsonNode::textValue).toList();
  }

  /** Id of {@code {signalId}}, {@code [id]} or a bare string; empty when there is none. */
  public static String parseOptional(JsonNode params) {
    JsonNode id = params;
    if (params.isObject()) {
      id = params.path("signalId");
    } else if (params.isArray()) {
      id = params.path(0);
    }
    return id.isTextual() ? id.textValue() : "";
  }

  public static String parseOne(String method, JsonNode params) throws ProtocolException {
    String signalId = parseOptional(params);
    if (signalId.isEmpty()) {
      throw new ProtocolException(Kind.BAD_MESSAGE, method + ": no signalId");
    }
    return signalId;
  }
}
