/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.access;

import java.util.List;
import java.util.stream.Stream;
import org.daqstream.base.support.IdPatterns;

/** Patterns of signal ids, as {@link IdPatterns}. Immutable; equal if the patterns are. */
public final class Globs {
  static final Globs ALL = new Globs(List.of("**"));
  static final Globs NONE = new Globs(List.of());

  private final List<String> globs;
  private final IdPatterns patterns;

  /** Reads patterns. */
  public Globs(List<String> globs) {
    this.globs = List.copyOf(globs);
    patterns = new IdPatterns(globs);
  }

  boolean isEmpty() {
    return globs.isEmpty();
  }

  boolean isAll() {
    return globs.contains("**");
  }

  boolean matches(String id) {
    return patterns.wants(id);
  }

  Globs and(Globs others) {
    return new Globs(Stream.concat(globs.stream(), others.globs.stream()).distinct().toList());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Globs that && globs.equals(that.globs);
  }

  @Override
  public int hashCode() {
    return globs.hashCode();
  }

  @Override
  public String toString() {
    return globs.toString();
  }
}
