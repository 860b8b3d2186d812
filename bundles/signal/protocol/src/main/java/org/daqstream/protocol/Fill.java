/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * Message {@code fill}: like {@link Alive}, of servers that announce {@code supported.fill}
 * (protocol section 2.2).
 *
 * @param level fill level as the sender counts it
 */
public record Fill(double level) {
  /** Method of this message. */
  public static final String METHOD = "fill";

  /** {@return the encoded message} */
  public Metadata toMetadata() {
    return new Metadata(METHOD, JsonNodeFactory.instance.arrayNode().add(level));
  }

  /** {@return the level of any parameters of the message, 0 when it is not told} */
  public static Fill parse(JsonNode params) {
    return new Fill(params.path(0).asDouble(0));
  }
}
