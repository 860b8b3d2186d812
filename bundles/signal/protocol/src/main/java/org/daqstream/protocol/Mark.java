/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Message {@code mark}: a place in what a client is sent, which it names in {@link Reached} when it
 * comes there (protocol section 2.9).
 *
 * @param number counted up in a connection
 * @param lagMs how old the samples at an earlier mark were when the client had reached it
 */
public record Mark(int number, int lagMs) {
  /** Method of this message. */
  public static final String METHOD = "mark";

  /** {@return the encoded message} */
  public Metadata toMetadata() {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.put("lagMs", lagMs);
    params.put("number", number);
    return new Metadata(METHOD, params);
  }

  /** {@return what could be read of any parameters of the message; what is no number is 0} */
  public static Mark parse(JsonNode params) {
    return new Mark(params.path("number").asInt(0), params.path("lagMs").asInt(0));
  }
}
