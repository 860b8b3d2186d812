/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds in the log why a server does not listen, and the file in which to change that.
 *
 * @param conf folder of the configuration
 * @param told gets the reason with the file
 */
record Refusals(Path conf, Consumer<String> told) implements Consumer<String> {
  private static final Pattern LINE =
      Pattern.compile(".* ERROR : ((org\\.daqstream\\.server)(?:~(\\S+))?: key .*)");

  @Override
  public void accept(String line) {
    Matcher matcher = LINE.matcher(line);
    if (matcher.matches()) {
      String name = matcher.group(2) + (matcher.group(3) == null ? "" : "-" + matcher.group(3));
      told.accept(matcher.group(1) + "; " + file(name) + " is read again when it changes");
    }
  }

  private Path file(String name) {
    Path json = conf.resolve(name + ".cfg.json");
    return Files.exists(json) ? json : conf.resolve(name + ".cfg");
  }
}
