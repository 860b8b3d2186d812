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

  /** {@return the encoded message} */
  public Metadata toMetadata() {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.set("interpretation", interpretation);
    return new Metadata(METHOD, params);
  }

  /** {@return the content of any parameters of the message, a missing node when there is none} */
  public static StreamMessage parse(JsonNode params) {
    return new StreamMessage(params.path("interpretation"));
  }
}
