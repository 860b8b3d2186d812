/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folders of a runtime, all absolute. The bundles come with the distribution; the others belong
 * to one running instance.
 *
 * @param bundles the bundles of the distribution
 * @param conf configuration, one {@code <PID>.cfg} for each component
 * @param deploy bundles added by the user while the runtime is up
 * @param log the log of an instance in the background
 * @param var working files
 */
record Layout(Path bundles, Path conf, Path deploy, Path log, Path var) {
  /**
   * Logging and the configuration from files come before everything else, so that no component
   * starts with defaults and again with what the user wanted.
   */
  private static final List<String> FIRST =
      List.of(
          "pax-logging-api.jar",
          "org.apache.felix.configadmin.jar",
          "org.apache.felix.configadmin.plugin.interpolation.jar",
          "org.daqstream.config.json.jar",
          "org.apache.felix.fileinstall.jar");

  /** Sources come when all is ready for their signals. */
  private static final String LAST_PREFIX = "org.daqstream.source.";

  static Layout of(Path dist, Path home) {
    Path folder = home.toAbsolutePath().normalize();
    return new Layout(
        dist.toAbsolutePath().normalize().resolve("bundles"),
        folder.resolve("conf"),
        folder.resolve("deploy"),
        folder.resolve("log"),
        folder.resolve("var"));
  }

  /** Where commands for the running instance are taken. */
  Path consoleSocket() {
    return var.resolve("console/socket");
  }

  /** What the framework keeps. */
  Path cache() {
    return var.resolve("felix");
  }

  /**
   * Has nobody but its owner read what the framework keeps: copies of all configurations are among
   * it, with the passwords that stand in them, however closed {@code conf/} is.
   */
  void closeCache() {
    try {
      if (Files.getFileStore(cache()).supportsFileAttributeView(PosixFileAttributeView.class)) {
        Files.setPosixFilePermissions(cache(), PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      System.err.println("daqstream: others may read " + cache() + ": " + e);
    }
  }

  /** Creates what is missing of the folders of the instance; a new one gets the default conf/. */
  void create() throws StartException {
    boolean isNew = !Files.exists(conf);
    for (Path folder : List.of(conf, deploy, var)) {
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw new StartException("cannot create " + folder + "; choose another --home: " + e, e);
      }
    }
    Path defaults = bundles.resolveSibling("conf");
    if (isNew && Files.isDirectory(defaults)) {
      copy(defaults);
    }
  }

  private void copy(Path defaults) throws StartException {
    try (Stream<Path> files = Files.list(defaults)) {
      for (Path file : files.toList()) {
        Files.copy(file, conf.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new StartException("cannot copy " + defaults + " to " + conf + ": " + e, e);
    }
  }

  /**
   * Takes {@code var/} for this process; a second one would empty it below the feet of the first.
   */
  FileLock lock() throws StartException {
    Path file = var.resolve("lock");
    try {
      FileLock lock =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).tryLock();
      if (lock == null) {
        throw new StartException(
            "another daqstream is running in " + var.getParent() + "; give each its own --home");
      }
      return lock;
    } catch (IOException e) {
      throw new StartException("cannot lock " + file + ": " + e, e);
    }
  }

  /** The jars in the folder of bundles, in the order in which they are to start. */
  List<Path> bundleJars() throws StartException {
    try (Stream<Path> files = Files.list(bundles)) {
      List<Path> jars =
          files
              .filter(file -> file.toString().endsWith(".jar"))
              .sorted(
                  Comparator.comparingInt(Layout::rank).thenComparing(Comparator.naturalOrder()))
              .toList();
      if (jars.isEmpty()) {
        throw new StartException("there is no bundle in " + bundles);
      }
      return jars;
    } catch (IOException e) {
      throw new StartException("cannot read the bundles in " + bundles + ": " + e, e);
    }
  }

  private static int rank(Path jar) {
    String name = jar.getFileName().toString();
    if (name.startsWith(LAST_PREFIX)) {
      return FIRST.size() + 1;
    }
    int first = FIRST.indexOf(name);
    return first < 0 ? FIRST.size() : first;
  }
}
