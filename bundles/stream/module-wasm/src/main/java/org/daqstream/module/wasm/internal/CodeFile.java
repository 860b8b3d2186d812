/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The file with the code of an instance. */
record CodeFile(Path path) {
  /** What tells one state of a file from another. */
  record Stamp(long bytes, long modifiedMs) {
    static final Stamp NONE = new Stamp(-1, -1);
  }

  /** All of it. */
  byte[] read() throws ModuleFailure {
    try {
      long bytes = Files.size(path);
      if (bytes > LoadedModule.FILE_LIMIT_BYTES) {
        throw new ModuleFailure(
            "it has %d bytes, and %d are the most".formatted(bytes, LoadedModule.FILE_LIMIT_BYTES));
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new ModuleFailure("it cannot be read: " + Reason.of(e));
    }
  }

  /** As it is now; {@link Stamp#NONE} when there is none. */
  Stamp stamp() {
    try {
      BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(file.size(), file.lastModifiedTime().toMillis());
    } catch (IOException e) {
      return Stamp.NONE;
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
