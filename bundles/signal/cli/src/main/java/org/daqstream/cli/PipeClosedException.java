/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

/** Whoever reads the standard output has enough: no failure. */
final class PipeClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
