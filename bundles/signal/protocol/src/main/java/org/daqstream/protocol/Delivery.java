/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Message {@code delivery}: how a client wants to get what it subscribes to, once for a connection
 * (protocol section 2.9).
 *
 * @param messageBytes the largest message in which it wants several packets; 0: one in each
 * @param aheadBytes the most bytes that it wants to be sent beyond the last mark that it has
 *     reached; 0 for no bound, and no marks
 * @param lagMs how old it wants samples to be at most, as far as it may lose some; 0: of any age
 */
public record Delivery(int messageBytes, int aheadBytes, int lagMs) {
  /** Method of this message. */
  public static final String METHOD = "delivery";

  private static final String MESSAGE_BYTES = "messageBytes";
  private static final String AHEAD_BYTES = "aheadBytes";
  private static final String LAG_MS = "lagMs";

  /** {@return the encoded message} */
  public Metadata toMetadata() {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.put(AHEAD_BYTES, aheadBytes);
    params.put(LAG_MS, lagMs);
    params.put(MESSAGE_BYTES, messageBytes);
    return new Metadata(METHOD, params);
  }

  /** {@return what could be read of any parameters of the message; what is no number is 0} */
  public static Delivery parse(JsonNode params) {
    return new Delivery(
        positive(params.path(MESSAGE_BYTES)),
        positive(params.path(AHEAD_BYTES)),
        positive(params.path(LAG_MS)));
  }

  private static int positive(JsonNode number) {
    return Math.max(0, number.asInt(0));
  }
}
