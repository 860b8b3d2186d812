/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A {@link CountingClient} in a process of its own, for tests that run inside the runtime that they
 * change. Arguments are the stream's and the commands' URL. It reads one command a line, answers
 * each with one line, {@code ok} or {@code failed} and why, and ends with its input.
 */
public final class WitnessProgram {
  private final Timeline timeline = new Timeline();
  private final CountingClient client;

  private WitnessProgram(String[] endpoints) throws Exception {
    client = new CountingClient(endpoints, timeline);
  }

  public static void main(String[] endpoints) throws Exception {
    WitnessProgram witness = new WitnessProgram(endpoints);
    try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      witness.answer(commands);
    } finally {
      witness.client.close();
      System.err.println(witness.timeline);
    }
  }

  private void answer(BufferedReader commands) throws IOException, InterruptedException {
    System.out.println("ok");
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      String[] words = line.split(" ", 2);
      try {
        execute(words[0], words[1]);
        System.out.println("ok");
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception | AssertionError e) {
        System.out.println("failed: " + String.valueOf(e.getMessage()).replace('\n', '|'));
      }
    }
  }

  private void execute(String command, String argument) throws Exception {
    switch (command) {
      case "operator" -> timeline.operator(argument);
      case "subscribe" -> client.subscribe(argument);
      case "news" -> client.awaitNews(argument);
      case "lost-nothing" -> {
        client.awaitSamples(argument, 500);
        client.assertNothingLost(argument);
      }
      case "drop-source" -> drop(PluginJar.source("counter", 1), Path.of(argument));
      case "drop-writer" -> drop(PluginJar.writer("stamper", 1, 0, ""), Path.of(argument));
      default -> throw new IllegalArgumentException("no command " + command);
    }
  }

  private void drop(PluginJar plugin, Path deployed) throws IOException {
    timeline.operator("drops " + deployed.getFileName() + " into deploy/");
    try (InputStream jar = plugin.open()) {
      Path beside = Files.createTempFile("plugin", ".jar");
      Files.copy(jar, beside, StandardCopyOption.REPLACE_EXISTING);
      Files.move(beside, deployed);
    }
  }
}
