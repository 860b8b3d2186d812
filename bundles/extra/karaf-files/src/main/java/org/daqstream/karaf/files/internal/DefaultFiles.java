/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.karaf.files.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files that features bring into Karaf's {@code etc/}, and what is in them at first. */
record DefaultFiles(Path etc) {
  private static final String IN_ETC = "${karaf.etc}/";
  private static final String COMMENT = "#";

  /** The console writes it into each file whose values it sets. */
  private static final String OF_KARAF = "felix.fileinstall.filename";

  /** Where a file of a feature is; empty when it is none of ours. */
  Optional<Path> place(String finalName) {
    return finalName.startsWith(IN_ETC) && resource(name(finalName)) != null
        ? Optional.of(etc.resolve(name(finalName)))
        : Optional.empty();
  }

  /** Whether a file says what it said at first; comments do not count. */
  boolean isUntouched(Path file) throws IOException {
    URL first = resource(etc.relativize(file).toString().replace('\\', '/'));
    try (InputStream in = first.openStream()) {
      return said(new String(in.readAllBytes(), ISO_8859_1))
          .equals(said(Files.readString(file, ISO_8859_1)));
    }
  }

  /** The folder that came with a file, not {@code etc/} itself. */
  Optional<Path> folder(Path file) {
    return Optional.of(file.getParent()).filter(parent -> !parent.equals(etc));
  }

  private static String name(String finalName) {
    return finalName.substring(IN_ETC.length());
  }

  private static URL resource(String name) {
    return DefaultFiles.class.getResource("/defaults/" + name);
  }

  private static List<String> said(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith(COMMENT) && !line.startsWith(OF_KARAF))
        .toList();
  }
}
