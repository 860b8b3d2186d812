/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What an {@link Init} says of its sender beyond the protocol's text, an extension of ours
 * (protocol section 2.8). Others leave it empty.
 *
 * @param constantRows whether the sender tells constants with their rows though its version is
 *     2.0.0
 * @param signalMessageBytes the largest message with which the receiver may publish signals to the
 *     sender; 0 when the sender does not say whether it takes any
 */
public record Supported(boolean constantRows, int signalMessageBytes) {
  /** What others say. */
  public static final Supported NOTHING = new Supported(false, 0);

  private static final String CONSTANT_ROWS = "constantRows";
  private static final String SIGNALS = "signals";
  private static final String MESSAGE_BYTES = "messageBytes";

  /**
   * {@return what a server of ours says that takes signals of its clients}
   *
   * @param messageBytes the largest message that it takes
   */
  public static Supported signals(int messageBytes) {
    return new Supported(true, messageBytes);
  }

  /** {@return whether the sender says that it takes signals} */
  public boolean takesSignals() {
    return signalMessageBytes > 0;
  }

  ObjectNode toNode() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (constantRows) {
      node.put(CONSTANT_ROWS, true);
    }
    if (takesSignals()) {
      node.putObject(SIGNALS).put(MESSAGE_BYTES, signalMessageBytes);
    }
    return node;
  }

  static Supported parse(JsonNode node) {
    int messageBytes = node.path(SIGNALS).path(MESSAGE_BYTES).asInt(0);
    return new Supported(node.path(CONSTANT_ROWS).asBoolean(false), Math.max(0, messageBytes));
  }
}
