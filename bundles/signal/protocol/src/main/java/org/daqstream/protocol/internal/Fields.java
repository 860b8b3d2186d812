/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.ProtocolException.Kind;

/**
 * Looks up keys of a signal document by their path, such as {@code definition.linear.delta}. A nil
 * is as good as nothing.
 */
record Fields(String signalId, JsonNode document) {
  /** The first of the paths that holds something; else a missing node. */
  JsonNode first(String... paths) {
    for (String path : paths) {
      JsonNode node = document.at("/" + path.replace('.', '/'));
      if (!node.isMissingNode() && !node.isNull()) {
        return node;
      }
    }
    return MissingNode.getInstance();
  }

  /** The first of the paths that holds a text or number that is not empty; else empty. */
  String text(String... paths) {
    for (String path : paths) {
      String text = first(path).asText("");
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  /** The first of the paths that holds a number; nothing when none does. */
  OptionalDouble real(String... paths) {
    for (String path : paths) {
      OptionalDouble number = Numbers.real(first(path));
      if (number.isPresent()) {
        return number;
      }
    }
    return OptionalDouble.empty();
  }

  /** The whole number at a path; nothing when there is nothing. */
  OptionalLong whole(String path) throws ProtocolException {
    JsonNode node = first(path);
    if (node.isMissingNode()) {
      return OptionalLong.empty();
    }
    OptionalLong number = Numbers.whole(node);
    if (number.isEmpty()) {
      throw bad(path, "is no 64-bit integer: " + shorten(node));
    }
    return number;
  }

  ProtocolException bad(String path, String what) {
    return new ProtocolException(Kind.BAD_SIGNAL, "signal " + signalId + ": " + path + " " + what);
  }

  static String shorten(JsonNode node) {
    String text = node.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
