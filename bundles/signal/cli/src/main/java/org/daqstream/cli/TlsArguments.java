/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.nio.file.Path;
import java.util.Set;
import org.daqstream.client.TlsOptions;
import picocli.CommandLine.Option;

/** Options for addresses with TLS. */
final class TlsArguments {
  @Option(
      names = "--ca",
      paramLabel = "FILE",
      defaultValue = "",
      description = "With TLS: certificates (PEM) that vouch for the device; else those of Java.")
  private String ca;

  @Option(
      names = "--pin",
      paramLabel = "sha256/HASH",
      description =
          "With TLS: the key that the device must have; without --ca that is enough, whatever its"
              + " name.")
  private Set<String> pins = Set.of();

  @Option(
      names = "--cert",
      paramLabel = "FILE",
      defaultValue = "",
      description = "With TLS: certificate (PEM) to show if the device asks for one.")
  private String certificate;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      defaultValue = "",
      description = "With TLS: its key (PEM), without a password.")
  private String key;

  /** Whether a certificate and its key are there, or neither. */
  boolean isComplete() {
    return certificate.isEmpty() == key.isEmpty();
  }

  /** What was given, with files that are found from anywhere. */
  TlsOptions options() {
    return new TlsOptions(absolute(ca), pins, absolute(certificate), absolute(key));
  }

  private static String absolute(String file) {
    return file.isEmpty() ? "" : Path.of(file).toAbsolutePath().toString();
  }
}
