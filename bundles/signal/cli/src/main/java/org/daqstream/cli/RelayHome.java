/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.TlsOptions;

/**
 * A temporary folder that the launcher takes for a distribution of its own: links to a part of the
 * bundles, and configurations of a server and one remote device.
 */
final class RelayHome implements AutoCloseable {
  /** What is not needed to pass signals on. */
  private static final List<String> LEFT_OUT =
      List.of(
          "org.daqstream.bridge.",
          "org.daqstream.console.",
          "org.daqstream.discovery.jar",
          "org.daqstream.example.",
          "org.daqstream.module.",
          "org.daqstream.ops.",
          "org.daqstream.recorder.",
          "org.daqstream.recording.",
          "org.daqstream.shell.",
          "org.daqstream.source.",
          "org.daqstream.stream.",
          "org.daqstream.transport.",
          "org.apache.felix.gogo.",
          "fastcsv.");

  private static final List<String> LAUNCHER =
      List.of("daqstream.jar", "org.apache.felix.framework.jar");

  private final Path folder;

  /**
   * Makes it.
   *
   * @param distribution folder of the installed program
   * @param hasToken whether the runtime finds a token in its environment
   */
  RelayHome(
      Path distribution,
      DeviceAddress device,
      TlsOptions tls,
      boolean hasToken,
      List<SignalGlob> globs,
      String host,
      int port)
      throws IOException {
    folder = Files.createTempDirectory("daqstream-relay-");
    Path lib = Files.createDirectory(folder.resolve("lib"));
    for (String each : LAUNCHER) {
      // No links: the launcher finds the bundles beside the jar that it really is.
      Files.copy(distribution.resolve("lib").resolve(each), lib.resolve(each));
    }
    link(distribution.resolve("bundles"), Files.createDirectory(folder.resolve("bundles")));
    Path conf = Files.createDirectory(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("org.daqstream.server.cfg"),
        "host = " + host + "\nport = " + port + "\ncontrolPort = 0\n");
    List<String> ids = globs.stream().map(SignalGlob::toString).toList();
    Files.writeString(
        conf.resolve("org.daqstream.client-relay.cfg"),
        "address = "
            + device.toUri()
            + (hasToken ? "\ntoken = $[env:" + LoginArguments.VARIABLE + "]" : "")
            + "\nprefix =\nsignals = "
            + String.join(", ", ids)
            + "\ntls.ca = "
            + tls.caFile()
            + "\ntls.pins = "
            + String.join(", ", tls.pins())
            + "\ntls.certificate = "
            + tls.certificateFile()
            + "\ntls.key = "
            + tls.keyFile()
            + "\n",
        UTF_8);
  }

  private static void link(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path each : files.toList()) {
        String name = each.getFileName().toString();
        if (LEFT_OUT.stream().noneMatch(name::startsWith)) {
          Files.createSymbolicLink(to.resolve(name), each.toAbsolutePath());
        }
      }
    }
  }

  Path folder() {
    return folder;
  }

  /** What starts the launcher with it. */
  Path jar() {
    return folder.resolve("lib/daqstream.jar");
  }

  /** Removes it with all that the runtime wrote there. */
  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
