/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.tls.support;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A file as it was configured.
 *
 * @param key the key, parameter or option that names it, for messages
 * @param path where it is; empty for none
 */
public record NamedFile(String key, String path) {
  /** No file. */
  public static final NamedFile NONE = new NamedFile("", "");

  /** Whether there is one. */
  public boolean isSet() {
    return !path.isEmpty();
  }

  Path toPath() {
    return Path.of(path);
  }

  /** What is wrong with it, in one sentence that names key and file. */
  FileProblem problem(Exception cause) {
    String words = cause.getMessage();
    if (cause instanceof NoSuchFileException) {
      words = "no such file";
    } else if (cause instanceof AccessDeniedException) {
      words = "may not be read by this user";
    }
    return new FileProblem(this, words, cause);
  }
}
