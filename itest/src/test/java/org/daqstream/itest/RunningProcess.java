/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process of its own whose output, error output included, is collected line by line. */
final class RunningProcess implements AutoCloseable {
  private final String name;
  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private RunningProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  static RunningProcess start(Path folder, List<String> command) throws IOException {
    return start(folder, command, Map.of());
  }

  /** With these variables in its environment, beside those of this process. */
  static RunningProcess start(Path folder, List<String> command, Map<String, String> environment)
      throws IOException {
    File directory = folder.toFile();
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory);
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    RunningProcess running = new RunningProcess(command.get(0), process);
    Thread reader = new Thread(running::collect, "output of " + command.get(0));
    reader.setDaemon(true);
    reader.start();
    return running;
  }

  private void collect() {
    try (BufferedReader output = process.inputReader(UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("reading the output of " + name + " failed: " + e);
    }
    end();
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Everything printed so far. */
  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** The lines printed so far that match. */
  List<String> lines(Predicate<String> wanted) {
    return lines().stream().filter(wanted).toList();
  }

  /** Blocks until a line matches, from the given number on; fails with everything printed. */
  synchronized String awaitLine(int from, Predicate<String> wanted, long timeoutMs)
      throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    int next = from;
    while (true) {
      for (; next < lines.size(); next++) {
        if (wanted.test(lines.get(next))) {
          return lines.get(next);
        }
      }
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      if (ended || leftMs <= 0) {
        throw new AssertionError(
            "no such line from " + name + " within " + timeoutMs + " ms; it printed:\n" + text());
      }
      wait(leftMs);
    }
  }

  /** Blocks until the process has ended, and gives its exit code; fails when it does not end. */
  int awaitExit(long timeoutMs) throws InterruptedException {
    // Not under the lock: what it prints must be taken meanwhile, or it waits for that.
    boolean hasEnded = process.waitFor(timeoutMs, TimeUnit.MILLISECONDS);
    synchronized (this) {
      if (!hasEnded) {
        throw new AssertionError(name + " still runs after " + timeoutMs + " ms:\n" + text());
      }
      while (!ended) {
        wait(timeoutMs);
      }
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Asks the process to end: SIGTERM where there are signals. */
  void terminate() {
    process.destroy();
  }

  private String text() {
    return String.join("\n", lines);
  }

  /** Ends the process whatever it does. */
  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor();
      process.getInputStream().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
