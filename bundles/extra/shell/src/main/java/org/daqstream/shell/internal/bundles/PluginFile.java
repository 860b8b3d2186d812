/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.bundles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** A jar that is no bundle of the framework, and why. */
final class PluginFile {
  private PluginFile() {}

  /** The file of that path, or of that name in one of the folders. */
  static Optional<Path> find(String word, List<String> folders) {
    try {
      return Stream.concat(
              Stream.of(Path.of(word)), folders.stream().map(folder -> Path.of(folder, word)))
          .filter(Files::isRegularFile)
          .findFirst();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  static Finding examine(Path file, List<Bundle> bundles) {
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      String header =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
      if (header == null) {
        return new Finding(
            Finding.NO_BUNDLE,
            file.toString(),
            "its manifest has no Bundle-SymbolicName; the templates show how Maven writes one");
      }
      String name = header.replaceAll(";.*", "").strip();
      String why =
          bundles.stream()
              .filter(bundle -> name.equals(bundle.getSymbolicName()))
              .findFirst()
              .map(there -> Diagnosis.name(there) + " is there, from " + there.getLocation())
              .orElse("it is not in the folder deploy/, or was refused: see the log");
      return new Finding(Finding.NOT_INSTALLED, file.toString(), why);
    } catch (IOException e) {
      return new Finding(Finding.NO_BUNDLE, file.toString(), "it is no jar: " + e.getMessage());
    }
  }
}
