/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Where an export is until it is complete: a folder {@code _NAME.part} beside the file, so that
 * what is there stays until something takes its place, and what failed leaves nothing behind.
 */
final class ExportTarget implements Closeable {
  private final Path to;
  private final Path folder;

  private ExportTarget(Path to, Path folder) {
    this.to = to;
    this.folder = folder;
  }

  /**
   * Makes the folder.
   *
   * @param from what is read
   * @param overwrites whether it may take the place of a file
   */
  static ExportTarget of(Path from, Path to, boolean overwrites) throws IOException {
    if (Files.exists(to) && Files.isSameFile(from, to)) {
      throw new CliException(Daqstream.USAGE, "a recording cannot be exported to itself");
    }
    if (Files.isDirectory(to)) {
      throw new CliException(Daqstream.FAILED, to + " is a folder");
    }
    Path folder = to.resolveSibling("_" + to.getFileName() + ".part");
    if (Files.isDirectory(folder)) {
      throw new CliException(
          Daqstream.FAILED,
          folder
              + " is of an export that was killed, or still goes on; if none does, delete that"
              + " folder and export again");
    }
    if (Files.exists(folder) || (Files.exists(to) && !overwrites)) {
      throw Recordings.existing(to);
    }
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(to + " is being written by somebody else", e);
    }
    return new ExportTarget(to, folder);
  }

  /** Where to write. */
  Path file() {
    return folder.resolve(to.getFileName());
  }

  /** Gives the file its name, with what belongs beside it. */
  void publish() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path each : files) {
        if (!each.equals(file())) {
          move(each, to.resolveSibling(each.getFileName()));
        }
      }
    }
    move(file(), to);
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Deletes what has not got its name. */
  @Override
  public void close() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path each : files) {
        Files.delete(each);
      }
    }
    Files.delete(folder);
  }
}
