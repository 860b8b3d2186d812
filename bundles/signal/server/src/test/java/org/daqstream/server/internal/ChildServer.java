/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.config.support.RefusedException;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.sink.SignalTap;

/**
 * A server in a process of its own, so that its resources can be limited. It says its port,
 * publishes a counter as signal {@code v}, and says its counts for each line that it reads.
 */
final class ChildServer implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;

  /**
   * Starts a child.
   *
   * @param limits shell command that sets them
   * @param jvmOption an option of the JVM
   * @param keysAndValues configuration
   */
  ChildServer(String limits, String jvmOption, String... keysAndValues) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                limits + "; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                jvmOption,
                "-cp",
                System.getProperty("java.class.path"),
                ChildServer.class.getName()));
    command.addAll(Arrays.asList(keysAndValues));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** The next line that the child says. */
  String answer() throws IOException {
    return answers.readLine();
  }

  /** Number of connections that could not be accepted so far. */
  long notAccepted() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    return Long.parseLong(answer());
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    answers.close();
  }

  /** The child. */
  public static void main(String... keysAndValues) throws Exception {
    ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();
    try (TestServer server = new TestServer((Object[]) keysAndValues)) {
      SignalTap tap = TestServer.signal(server.table("t"), "v");
      AtomicLong row = new AtomicLong();
      Future<?> publishing =
          publisher.scheduleAtFixedRate(
              () -> {
                long next = row.get();
                tap.accept(next, next * TestServer.DELTA, null, new double[] {next}, 0, 1);
                row.incrementAndGet();
              },
              0,
              1,
              TimeUnit.MILLISECONDS);
      System.out.println(server.port());
      while (System.in.read() >= 0) {
        System.out.println(server.statistics().count(ServerEvent.NOT_ACCEPTED));
      }
      publishing.cancel(false);
    } catch (RefusedException e) {
      System.out.println(e.getMessage());
    } finally {
      publisher.shutdownNow();
    }
  }
}
