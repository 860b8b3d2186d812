/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.daqstream.protocol.internal.SignalIds;

/**
 * Message {@code available}: signals that can be subscribed from now on (protocol section 2.2).
 *
 * @param signalIds ids of the signals; may be none
 */
public record Available(List<String> signalIds) {
  /** Method of this message. */
  public static final String METHOD = "available";

  /** Copies the list. */
  public Available {
    signalIds = List.copyOf(signalIds);
  }

  /** {@return the encoded message} */
  public Metadata toMetadata() {
    return new Metadata(METHOD, SignalIds.many(signalIds));
  }

  /**
   * {@return the ids that could be read of any parameters of the message, a bare array too} What is
   * no string is left out.
   */
  public static Available parse(JsonNode params) {
    return new Available(SignalIds.parseMany(params));
  }
}
