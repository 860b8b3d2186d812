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

  /**
   * Encodes it.
   *
   * @return the message
   */
  public Metadata toMetadata() {
    return new Metadata(METHOD, JsonNodeFactory.instance.objectNode().put("fillLevel", fillLevel));
  }

  /**
   * Reads any parameters.
   *
   * @param params parameters of the message
   * @return the level, between 0 and 100, 0 when it is not told
   */
  public static Alive parse(JsonNode params) {
    return new Alive(Math.max(0, Math.min(100, params.path("fillLevel").asInt(0))));
  }
}
