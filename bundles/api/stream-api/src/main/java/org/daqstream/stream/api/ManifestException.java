/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

import java.util.List;
import java.util.stream.Collectors;

/** A manifest was refused as a whole. Mend the named places and deploy again. */
public final class ManifestException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<ManifestProblem> problems;

  /**
   * Creates the exception.
   *
   * @param source who gave the manifest
   * @param problems at least one
   */
  public ManifestException(String source, List<ManifestProblem> problems) {
    super(
        problems.stream()
            .map(ManifestProblem::toString)
            .collect(Collectors.joining("; ", "manifest of " + source + " refused: ", "")));
    this.problems = List.copyOf(problems);
  }

  /** {@return everything found wrong, at least one problem} */
  public List<ManifestProblem> problems() {
    return problems == null ? List.of() : problems;
  }
}
