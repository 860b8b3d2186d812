/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.ProtocolException.Kind;

/** Merges partial signal documents (protocol section 3.1), within limits. */
public final class TreeMerge {
  private TreeMerge() {}

  public static ObjectNode merge(
      String signalId, ObjectNode known, ObjectNode update, Limits limits)
      throws ProtocolException {
    if (known == null) {
      return update.deepCopy();
    }
    ObjectNode merged = known.deepCopy();
    merged.remove("valueIndex");
    overlay(merged, update);
    // A peer must not make us keep ever more by sending ever other keys.
    if (count(merged) > limits.nodes() || textChars(merged) > limits.metadataBytes()) {
      throw new ProtocolException(
          Kind.LIMIT, "signal " + signalId + ": the merged document is too large");
    }
    return merged;
  }

  private static void overlay(ObjectNode target, ObjectNode update) {
    for (Map.Entry<String, JsonNode> field : update.properties()) {
      JsonNode old = target.get(field.getKey());
      if (old instanceof ObjectNode oldMap && field.getValue() instanceof ObjectNode newMap) {
        overlay(oldMap, newMap);
      } else {
        target.set(field.getKey(), field.getValue().deepCopy());
      }
    }
  }

  private static long count(JsonNode node) {
    long count = 1;
    for (JsonNode child : node) {
      count += count(child);
    }
    return count;
  }

  private static long textChars(JsonNode node) {
    long chars = node.isTextual() ? node.textValue().length() : 0;
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        chars += field.getKey().length() + textChars(field.getValue());
      }
    } else {
      for (JsonNode child : node) {
        chars += textChars(child);
      }
    }
    return chars;
  }
}
