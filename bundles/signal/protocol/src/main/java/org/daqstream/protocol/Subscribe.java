/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import org.daqstream.protocol.internal.SignalIds;

/**
 * Message {@code subscribe} of a signal: acknowledges a subscription and tells which signal has the
 * packet's signal number (protocol sections 2.2, 2.6).
 *
 * @param signalId id of the signal
 */
public record Subscribe(String signalId) {
  /** Method of this message. */
  public static final String METHOD = "subscribe";

  /** {@return the encoded message, for the signal's own number} */
  public Metadata toMetadata() {
    return new Metadata(METHOD, SignalIds.one(signalId));
  }

  /**
   * {@return the message with the parameters, a bare id or array too}
   *
   * @throws ProtocolException of kind {@code BAD_MESSAGE} when no signal is named
   */
  public static Subscribe parse(JsonNode params) throws ProtocolException {
    return new Subscribe(SignalIds.parseOne(METHOD, params));
  }
}
