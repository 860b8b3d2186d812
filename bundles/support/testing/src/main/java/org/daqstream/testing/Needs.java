/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.Assume;

/**
 * What a test needs of the machine and may not find there. A test that lacks something is left out,
 * which stands in the file that the system property {@code daqstream.leftOut} names, to be shown at
 * the end of the build. Where the environment has {@code DAQSTREAM_TESTS=all} it fails instead.
 */
public final class Needs {
  private static final boolean ALL = "all".equals(System.getenv("DAQSTREAM_TESTS"));

  private Needs() {}

  /**
   * A program that can be started by its name.
   *
   * @param name as in a shell
   * @param debianPackage that has it
   */
  public static void program(String name, String debianPackage) {
    String[] folders = System.getenv("PATH").split(File.pathSeparator);
    boolean there =
        Arrays.stream(folders).anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    that(there, name + " (Debian package " + debianPackage + ")");
  }

  /**
   * Anything else.
   *
   * @param there whether it is there
   * @param what in words, with the cause
   */
  public static void that(boolean there, String what) {
    if (there) {
      return;
    }
    String test =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(
                frames ->
                    frames
                        .map(StackWalker.StackFrame::getDeclaringClass)
                        .filter(each -> each != Needs.class)
                        .findFirst()
                        .orElse(Needs.class))
            .getSimpleName();
    String line = test + " needs " + what;
    if (ALL) {
      throw new AssertionError(line);
    }
    note(line);
    Assume.assumeTrue(line, false);
  }

  private static void note(String line) {
    String file = System.getProperty("daqstream.leftOut");
    if (file == null) {
      return;
    }
    Path path = Path.of(file);
    try {
      Files.createDirectories(path.getParent());
      if (!Files.exists(path) || !Files.readAllLines(path).contains(line)) {
        Files.writeString(path, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
