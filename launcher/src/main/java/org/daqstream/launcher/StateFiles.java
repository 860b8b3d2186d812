/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * What {@code bin/daqstream start}, {@code stop} and {@code status} read of a running instance. The
 * process that holds the lock of {@code var/} writes them; they are there as long as it runs, and
 * the last one is written again and again.
 */
final class StateFiles {
  private static final String NO_SERVER = "no server is listening";

  private final Path pid;
  private final Path state;
  private boolean up;
  private List<String> servers = List.of();
  private String reason = "";
  private final Path alive;

  StateFiles(Path var) {
    this.pid = var.resolve("pid");
    this.state = var.resolve("state");
    this.alive = var.resolve("alive");
  }

  /** Who runs; whoever finds this number finds no state of somebody before. */
  void begin() throws StartException {
    try {
      Files.deleteIfExists(state);
      Files.deleteIfExists(alive);
      write(pid, List.of(String.valueOf(ProcessHandle.current().pid())));
    } catch (IOException e) {
      throw new StartException("cannot write " + pid + ": " + e, e);
    }
  }

  /** That the start is over and what came of it, a line for each server. */
  synchronized void up(List<String> newServers) {
    up = true;
    servers = newServers;
    if (!servers.isEmpty()) {
      reason = "";
    }
    writeState();
  }

  /** Why a server does not listen; of interest as long as none does. */
  synchronized void refused(String newReason) {
    if (servers.isEmpty()) {
      reason = newReason;
      if (up) {
        writeState();
      }
    }
  }

  /** That no server is listening, and why. */
  synchronized String noServer() {
    return NO_SERVER + (reason.isEmpty() ? "" : ": " + reason);
  }

  private void writeState() {
    try {
      write(state, servers.isEmpty() ? List.of(noServer()) : servers);
    } catch (IOException e) {
      System.err.println("daqstream: 'daqstream status' does not know: " + e);
    }
  }

  /**
   * That all servers answered just now: the file's time is what counts. With {@code WatchdogSec} in
   * its unit systemd wants to hear it, too; Java has no sockets of that kind, so its tool says it.
   */
  void alive() {
    try {
      Files.write(alive, List.of());
      if (System.getenv("WATCHDOG_USEC") != null) {
        new ProcessBuilder("systemd-notify", "WATCHDOG=1")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
      }
    } catch (IOException e) {
      System.err.println("daqstream: cannot say that it is alive: " + e);
    }
  }

  /** Before the process ends. */
  void end() {
    delete(alive);
    delete(state);
    delete(pid);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.err.println("daqstream: cannot delete " + file + ": " + e);
    }
  }

  /** Whole or not at all, for readers at any time. */
  private static void write(Path file, List<String> lines) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.write(next, lines, UTF_8);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
