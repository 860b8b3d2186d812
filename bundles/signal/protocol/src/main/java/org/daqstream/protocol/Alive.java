/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * Message {@code alive}: how much of the sender's buffer for this client is in use (protocol
 * section 2.2).
 *
 * @param fillLevel per cent, 0 to 100
 */
public record Alive(int fillLevel) {
  /** Method of this message. */
  public static final String METHOD = "alive";

  /** {@return the encoded message} */
  public Metadata toMetadata() {
    return new Metadata(METHOD, JsonNodeFactory.instance.objectNode().put("fillLevel", fillLevel));
  }

  /**
   * {@return the level of any parameters of the message, between 0 and 100; 0 when it is not told}
   */
  public static Alive parse(JsonNode params) {
    return new Alive(Math.max(0, Math.min(100, params.path("fillLevel").asInt(0))));
  }
}
