/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Objects;

/**
 * A metadata message (protocol section 1.4). The signal number of its packet tells whom it
 * concerns: 0 the session, others a signal.
 *
 * @param method what it is, for example {@code "subscribe"}
 * @param params what it says; a {@link MissingNode} when there is nothing to say. Not to be changed
 */
public record Metadata(String method, JsonNode params) {
  /** Makes absent parameters a {@link MissingNode}. */
  public Metadata {
    Objects.requireNonNull(method, "method");
    params = params == null ? MissingNode.getInstance() : params;
  }
}
