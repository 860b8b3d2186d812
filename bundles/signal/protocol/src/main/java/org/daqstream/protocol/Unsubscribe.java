/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import org.daqstream.protocol.internal.SignalIds;

/**
 * Message {@code unsubscribe} of a signal: no data with the packet's signal number follows until
 * the next {@link Subscribe} (protocol sections 2.2, 2.6).
 *
 * @param signalId id of the signal; empty when the sender leaves it to the signal number
 */
public record Unsubscribe(String signalId) {
  /** Method of this message. */
  public static final String METHOD = "unsubscribe";

  /** {@return the encoded message, for the signal's own number} */
  public Metadata toMetadata() {
    return new Metadata(METHOD, SignalIds.one(signalId));
  }

  /** {@return the message with any parameters, which are often absent} */
  public static Unsubscribe parse(JsonNode params) {
    return new Unsubscribe(SignalIds.parseOptional(params));
  }
}
