/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

import java.util.Optional;

/** Direction of a stream, seen from the module. Streams are never bidirectional. */
public enum StreamDirection {
  /** The module reads; for posix and nng this side listens. */
  IN("in"),
  /** The module writes; for posix and nng this side dials. */
  OUT("out");

  private final String manifestName;

  StreamDirection(String manifestName) {
    this.manifestName = manifestName;
  }

  /** {@return the word in the manifest, {@code in} or {@code out}} */
  public String manifestName() {
    return manifestName;
  }

  /**
   * {@return the direction for a word of the manifest, empty when it is neither {@code in} nor
   * {@code out}}
   *
   * @param word exact, case-sensitive
   */
  public static Optional<StreamDirection> ofManifestName(String word) {
    return switch (word) {
      case "in" -> Optional.of(IN);
      case "out" -> Optional.of(OUT);
      default -> Optional.empty();
    };
  }
}
