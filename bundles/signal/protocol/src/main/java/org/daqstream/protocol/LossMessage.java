/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Message {@code loss}: which samples of a signal the client did not get because it read too
 * slowly; an extension that only those get who asked for the contract (protocol section 2.7). It
 * comes on the signal's number in front of the next block.
 *
 * @param signalId the value signal
 * @param fromRow row of the first sample lost
 * @param toRow row of the first sample that comes again
 * @param fromTick domain value of the first sample lost
 * @param toTick domain value of the first sample that comes again
 */
public record LossMessage(String signalId, long fromRow, long toRow, long fromTick, long toTick) {
  /** Method of this message. */
  public static final String METHOD = "loss";

  /** {@return the encoded message} */
  public Metadata toMetadata() {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.put("signalId", signalId);
    params.put("fromRow", fromRow);
    params.put("toRow", toRow);
    params.put("fromTick", fromTick);
    params.put("toTick", toTick);
    return new Metadata(METHOD, params);
  }

  /** {@return what could be read of any parameters of the message; what is no number is 0} */
  public static LossMessage parse(JsonNode params) {
    return new LossMessage(
        params.path("signalId").asText(""),
        params.path("fromRow").asLong(),
        params.path("toRow").asLong(),
        params.path("fromTick").asLong(),
        params.path("toTick").asLong());
  }
}
