/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Message {@code stream}: facts on the stream for people (protocol section 2.2).
 *
 * @param interpretation free content, not to be changed
 */
public record StreamMessage(JsonNode interpretation) {
  /** Method of this message. */
  public static final String METHOD = "stream";

  /**
   * Encodes it.
   *
   * @return the message
   */
  public Metadata toMetadata() {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.set("interpretation", interpretation);
    return new Metadata(METHOD, params);
  }

  /**
   * Reads any parameters.
   *
   * @param params parameters of the message
   * @return the content, a missing node when there is none
   */
  public static StreamMessage parse(JsonNode params) {
    return new StreamMessage(params.path("interpretation"));
  }
}
