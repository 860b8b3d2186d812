/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * Message {@code reached}: a client has done what came before a {@link Mark} (protocol section
 * 2.9).
 *
 * @param number of the mark
 */
public record Reached(int number) {
  /** Method of this message. */
  public static final String METHOD = "reached";

  /** {@return the encoded message} */
  public Metadata toMetadata() {
    return new Metadata(METHOD, JsonNodeFactory.instance.objectNode().put("number", number));
  }

  /** {@return the number in any parameters of the message; what is none is 0} */
  public static Reached parse(JsonNode params) {
    return new Reached(params.path("number").asInt(0));
  }
}
