/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A project that somebody outside made from a template of the distribution, as the README tells:
 * copied, {@code org.example} replaced by a name of their own, built with Maven.
 */
final class TemplateProject {
  private static final String TEMPLATE_NAME = "org.example";
  private static final String OWN_NAME = "com.acme";
  private static final long BUILD_TIMEOUT_MS = 180_000;

  private final Path folder;

  private TemplateProject(Path folder) {
    this.folder = folder;
  }

  /**
   * Copies a template.
   *
   * @param template its name
   * @param folder where to, does not exist
   */
  static TemplateProject copy(String template, Path folder) throws IOException {
    Path from = Distribution.FOLDER.resolve("templates").resolve(template);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = from.relativize(file).toString();
        Path to = folder.resolve(path.replace(asPath(TEMPLATE_NAME), asPath(OWN_NAME)));
        Files.createDirectories(to.getParent());
        Files.writeString(to, Files.readString(file, UTF_8).replace(TEMPLATE_NAME, OWN_NAME));
      }
    }
    return new TemplateProject(folder);
  }

  private static String asPath(String name) {
    return Path.of("", name.split("\\.")).toString();
  }

  /** Builds it against the artifacts in {@code target/repository} and gives its jar. */
  Path build() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("daqstream.maven"));
    command.add("-B");
    if (System.getProperty("daqstream.network").equals("offline=true")) {
      command.add("-o");
    }
    command.add("-Dmaven.repo.local=" + System.getProperty("daqstream.repository"));
    command.add("-Dmaven.repo.local.tail=" + System.getProperty("daqstream.localRepository"));
    command.add("package");
    try (RunningProcess maven = RunningProcess.start(folder, command)) {
      int status = maven.awaitExit(BUILD_TIMEOUT_MS);
      assertEquals(String.join("\n", maven.lines()), 0, status);
    }
    try (Stream<Path> files = Files.list(folder.resolve("target"))) {
      return files.filter(file -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
    }
  }
}
