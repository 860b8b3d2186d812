/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import java.io.IOException;

/** A file that cannot be used; the message names it with its key, and says why. */
public final class FileProblem extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient NamedFile file;
  private final String words;

  FileProblem(NamedFile file, String words, Exception cause) {
    super(file.key() + " '" + file.path() + "': " + words, cause);
    this.file = file;
    this.words = words;
  }

  /** Which one. */
  public NamedFile file() {
    return file;
  }

  /** What is wrong with it, without its name. */
  public String words() {
    return words;
  }
}
