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
 * (protocol sections 2.8 and 2.9). Others leave it empty.
 *
 * @param constantRows whether the sender tells constants with their rows though its version is
 *     2.0.0
 * @param signalMessageBytes the largest message with which the receiver may publish signals to the
 *     sender; 0 when the sender does not say whether it takes any
 * @param deliveryMessageBytes the largest message of several packets that the sender makes for who
 *     asks for it with {@link Delivery}; 0 when it does not know that message
 */
public record Supported(boolean constantRows, int signalMessageBytes, int deliveryMessageBytes) {
  /** What others say. */
  public static final Supported NOTHING = new Supported(false, 0, 0);

  private static final String CONSTANT_ROWS = "constantRows";
  private static final String SIGNALS = "signals";
  private static final String DELIVERY = "delivery";
  private static final String MESSAGE_BYTES = "messageBytes";

  /**
   * {@return what a server of ours says that takes signals of its clients}
   *
   * @param messageBytes the largest message that it takes
   */
  public static Supported signals(int messageBytes) {
    return new Supported(true, messageBytes, 0);
  }

  /**
   * {@return the same, by a server that knows {@link Delivery}}
   *
   * @param messageBytes the largest message of several packets that it makes
   */
  public Supported delivery(int messageBytes) {
    return new Supported(constantRows, signalMessageBytes, messageBytes);
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
    if (deliveryMessageBytes > 0) {
      node.putObject(DELIVERY).put(MESSAGE_BYTES, deliveryMessageBytes);
    }
    return node;
  }

  static Supported parse(JsonNode node) {
    return new Supported(
        node.path(CONSTANT_ROWS).asBoolean(false),
        messageBytes(node.path(SIGNALS)),
        messageBytes(node.path(DELIVERY)));
  }

  private static int messageBytes(JsonNode of) {
    return Math.max(0, of.path(MESSAGE_BYTES).asInt(0));
  }
}
