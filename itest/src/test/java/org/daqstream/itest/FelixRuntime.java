/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.cleanCaches;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;
import static org.ops4j.pax.exam.CoreOptions.systemTimeout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;

/**
 * A plain Felix with the bundles of the distribution, and what it lacks of ours: the common part of
 * every {@code Configuration} of this module.
 */
public final class FelixRuntime {
  private static final int FRAMEWORK_STOP_TIMEOUT_MS = 20_000;

  private FelixRuntime() {}

  /** All bundles, and what the test adds. */
  static Option[] withAllBundles(Option... more) {
    return withBundles(jar -> true, more);
  }

  /** All bundles, and those that carry out health checks. */
  static Option[] withHealthChecks() {
    List<Path> jars = jars(Path.of(System.getProperty("daqstream.healthExecutor")));
    return withAllBundles(
        jars.stream().map(jar -> bundle(jar.toUri().toString())).toArray(Option[]::new));
  }

  /** The streams and what they need, with the bridge to the signals; no server. */
  static Option[] withStreams() {
    return withBundles(
        jar ->
            !jar.matches(
                "org\\.daqstream\\.(server|source|example|shell|discovery|ops).*|jetty.*"));
  }

  /**
   * The bundles whose jar is accepted, and what the test adds.
   *
   * @param accepted gets the file name of a jar, which is its artifact id and {@code .jar}
   */
  static Option[] withBundles(Predicate<String> accepted, Option... more) {
    List<Option> options = new ArrayList<>();
    for (Path jar : bundleJars()) {
      if (accepted.test(jar.getFileName().toString())) {
        options.add(bundle(jar.toUri().toString()));
      }
    }
    options.add(junitBundles());
    options.add(cleanCaches());
    options.add(systemTimeout(FRAMEWORK_STOP_TIMEOUT_MS));
    // Pax Logging starts at DEBUG, and Jetty has much to say there.
    options.add(systemProperty("org.ops4j.pax.logging.DefaultServiceLog.level").value("WARN"));
    Collections.addAll(options, more);
    return options.toArray(Option[]::new);
  }

  /** The jars of all bundles, sorted by folder and name; fails when there is none. */
  public static List<Path> bundleJars() {
    Path own = Path.of(System.getProperty("daqstream.bundles", "target/bundles"));
    List<Path> jars = new ArrayList<>(jars(Distribution.FOLDER.resolve("bundles")));
    jars.addAll(jars(own));
    return jars;
  }

  private static List<Path> jars(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      if (jars.isEmpty()) {
        throw new IllegalStateException("No bundle in " + directory.toAbsolutePath());
      }
      return jars;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
