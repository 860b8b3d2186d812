/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.testing.Needs;

/**
 * The openDAQ SDK for Python, with the scripts in {@code sdk}: what {@code sdk/requirements.txt}
 * and those beside it name is installed below {@code target}.
 */
final class SdkPython {
  private static final long INSTALL_TIMEOUT_MS = 600_000;
  private static final Path SCRIPTS =
      Path.of(System.getProperty("daqstream.node")).resolveSibling("sdk");
  private static final Path ENVIRONMENT = Path.of(System.getProperty("daqstream.work"), "sdk");

  /** Up to 3.30 the SDK was built on another library, which has rules of its own. */
  private static final Path OLD_SDK = ENVIRONMENT.resolve("old");

  static final Path PYTHON = ENVIRONMENT.resolve("bin/python");

  private SdkPython() {}

  /** Installs it, unless it is; leaves the test out where that cannot be. */
  static void install() throws Exception {
    if (!isInstalled("requirements.txt")) {
      Needs.program("python3", "python3-venv");
      install(ENVIRONMENT.getParent(), "python3", "-m", "venv", ENVIRONMENT.toString());
    }
    installPackages("requirements.txt");
    installPackages("requirements-old.txt", "--no-deps", "--target", OLD_SDK.toString());
  }

  /** Installs it with what reads recordings. */
  static void installReaders() throws Exception {
    install();
    installPackages("requirements-readers.txt", "--no-deps");
  }

  /** Installs a WebSocket client besides. */
  static void installWebsockets() throws Exception {
    install();
    installPackages("requirements-websockets.txt", "--no-deps");
  }

  /** Installs a client of NATS besides. */
  static void installNats() throws Exception {
    install();
    installPackages("requirements-nats.txt", "--no-deps");
  }

  private static boolean isInstalled(String requirements) throws Exception {
    Path installed = ENVIRONMENT.resolve(requirements);
    return Files.exists(installed) && Files.mismatch(SCRIPTS.resolve(requirements), installed) < 0;
  }

  private static void installPackages(String requirements, String... options) throws Exception {
    if (isInstalled(requirements)) {
      return;
    }
    Path wanted = SCRIPTS.resolve(requirements);
    List<String> command = new ArrayList<>(List.of(PYTHON.toString(), "-m", "pip", "install"));
    command.addAll(List.of("--quiet", "--upgrade", "--disable-pip-version-check"));
    command.addAll(List.of("--only-binary=:all:", "--require-hashes", "-r", wanted.toString()));
    command.addAll(List.of(options));
    install(ENVIRONMENT, command.toArray(String[]::new));
    Path installed = ENVIRONMENT.resolve(requirements);
    Files.copy(wanted, installed, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void install(Path work, String... command) throws Exception {
    try (RunningProcess process = RunningProcess.start(work, List.of(command))) {
      Needs.that(
          process.awaitExit(INSTALL_TIMEOUT_MS) == 0,
          "the packages of itest/sdk: " + String.join(" ", process.lines()));
    }
  }

  static List<String> command(String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(PYTHON.toString());
    command.add("-uB");
    command.add(SCRIPTS.resolve(script).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts a script with the present SDK. */
  static RunningProcess start(String script, String... arguments) throws Exception {
    return RunningProcess.start(ENVIRONMENT, command(script, arguments));
  }

  /** Starts a script with the SDK on the other library. */
  static RunningProcess startOld(String script, String... arguments) throws Exception {
    Map<String, String> environment = Map.of("PYTHONPATH", OLD_SDK.toString());
    return RunningProcess.start(ENVIRONMENT, command(script, arguments), environment);
  }
}
