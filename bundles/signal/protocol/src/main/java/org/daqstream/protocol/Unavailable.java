/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.daqstream.protocol.internal.SignalIds;

/**
 * Message {@code unavailable}: signals that are gone (protocol section 2.2).
 *
 * @param signalIds ids of the signals; may be none
 */
public record Unavailable(List<String> signalIds) {
  /** Method of this message. */
  public static final String METHOD = "unavailable";

  /** Copies the list. */
  public Unavailable {
    signalIds = List.copyOf(signalIds);
  }

  /**
   * Encodes it.
   *
   * @return the message
   */
  public Metadata toMetadata() {
    return new Metadata(METHOD, SignalIds.many(signalIds));
  }

  /**
   * Reads any parameters, a bare array too; what is no string is left out.
   *
   * @param params parameters of the message
   * @return the ids that could be read
   */
  public static Unavailable parse(JsonNode params) {
    return new Unavailable(SignalIds.parseMany(params));
  }
}
