/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files that a command's words name: those of the runtime's machine, whoever types. */
public final class RuntimeFile {
  /** Longer lists help nobody. */
  private static final int CANDIDATES_MAX = 1_000;

  private RuntimeFile() {}

  /** The content of a regular file up to a limit: devices and pipes may be endless. */
  public static byte[] read(String file, int limitBytes) {
    try {
      Path path = Path.of(file);
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw new CommandException("'" + file + "' is no regular file");
      }
      try (InputStream in = Files.newInputStream(path)) {
        byte[] content = in.readNBytes(limitBytes + 1);
        if (content.length > limitBytes) {
          throw new CommandException("file '" + file + "' is larger than " + limitBytes + " B");
        }
        return content;
      }
    } catch (NoSuchFileException e) {
      throw new CommandException(
          "no file '"
              + Path.of(file).toAbsolutePath().normalize()
              + "' on the runtime's machine; a relative path begins at its working directory",
          e);
    } catch (IOException | InvalidPathException e) {
      throw new CommandException("file '" + file + "' cannot be read: " + e, e);
    }
  }

  /** Paths that begin so; those of folders end with a slash. */
  static List<String> complete(String begun) {
    String parent = begun.substring(0, begun.lastIndexOf('/') + 1);
    List<String> paths = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(parent))) {
      for (Path entry : entries) {
        String path = parent + entry.getFileName() + (Files.isDirectory(entry) ? "/" : "");
        if (path.startsWith(begun) && paths.size() < CANDIDATES_MAX) {
          paths.add(path);
        }
      }
    } catch (IOException | InvalidPathException e) {
      return List.of(); // nothing to choose from
    }
    return paths;
  }
}
