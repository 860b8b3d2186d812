/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One stream of one module instance, as its manifest defines it. Equal definitions mean that
 * nothing changed, so an open stream goes on.
 *
 * @param name name of the stream within its instance; may be empty
 * @param type stream type, the {@code stream.type} of a transport
 * @param direction seen from the module
 * @param parameters type-defined; values are String, Long, BigInteger, Double, Boolean, List, Map
 *     or null, as the JSON had them, all immutable; empty when the manifest has no parameters
 */
public record StreamDefinition(
    String name, String type, StreamDirection direction, Map<String, Object> parameters) {
  /** Copies the parameters. */
  public StreamDefinition {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(direction, "direction");
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }
}
