/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.daqstream.protocol.ProtocolException.Kind;

/**
 * Message {@code signal}: describes the signal with the packet's signal number (protocol section
 * 3.1).
 *
 * @param document see {@link SignalDocument}; not to be changed
 */
public record SignalMessage(ObjectNode document) {
  /** Method of this message. */
  public static final String METHOD = "signal";

  /** {@return the encoded message, for the signal's own number} */
  public Metadata toMetadata() {
    return new Metadata(METHOD, document);
  }

  /**
   * {@return the message with the parameters, its document still to be merged and parsed}
   *
   * @throws ProtocolException of kind {@code BAD_SIGNAL} when the parameters are no map
   */
  public static SignalMessage parse(JsonNode params) throws ProtocolException {
    if (params instanceof ObjectNode document) {
      return new SignalMessage(document);
    }
    throw new ProtocolException(
        Kind.BAD_SIGNAL, "signal: params is no map but " + params.getNodeType());
  }
}
