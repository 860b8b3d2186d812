/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.daqstream.base.support.ForeignText;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.stream.api.StreamRegister;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a folder with what was there before and deploys what differs: first what is gone, then
 * what is new or changed. A refused file is tried again when anything in the folder changes.
 */
final class FolderScan {
  private static final Logger LOG = LoggerFactory.getLogger(FolderScan.class);

  private static final String SOURCE = "file ";
  private static final long LARGEST_BYTES = 16 * 1024 * 1024;

  /** What tells a changed file. */
  private record Stamp(FileTime modified, long bytes) {}

  private static final Stamp UNREADABLE = new Stamp(FileTime.fromMillis(0), -1);

  private final StreamRegister register;
  private final Map<String, Stamp> known = new HashMap<>();
  private final Set<String> refused = new HashSet<>();
  private volatile Path folder;
  private String trouble = "";

  FolderScan(StreamRegister register, Path folder) {
    this.register = register;
    this.folder = folder;
  }

  void folder(Path folder) {
    this.folder = folder;
  }

  /** Looks once; what goes wrong is logged, not again and again, and the next look comes. */
  void run() {
    String now = "";
    try {
      scan();
    } catch (IOException | RuntimeException | Error e) {
      now = e.toString();
      if (!now.equals(trouble)) {
        LOG.warn("manifest folder {}", folder, e);
      }
    }
    trouble = now;
  }

  private synchronized void scan() throws IOException {
    Path current = folder;
    Map<String, Stamp> found = list(current);
    Set<String> gone = new HashSet<>(known.keySet());
    gone.removeAll(found.keySet());
    for (String file : gone) {
      known.remove(file);
      refused.remove(file);
      register.undeploy(SOURCE + file);
      LOG.info("manifest {} is gone", file);
    }
    Set<String> changed = new HashSet<>(found.keySet());
    changed.removeIf(file -> found.get(file).equals(known.get(file)));
    if (gone.isEmpty() && changed.isEmpty()) {
      return;
    }
    changed.addAll(refused);
    Map<String, String> problems = new TreeMap<>();
    changed.forEach(file -> problems.put(file, ""));
    int before;
    do { // what is deployed may make way for one that was looked at earlier
      before = problems.size();
      problems.replaceAll((file, problem) -> deploy(current, file));
      problems.values().removeIf(String::isEmpty);
    } while (!problems.isEmpty() && problems.size() < before);
    changed.forEach(file -> known.put(file, found.get(file)));
    refused.clear();
    refused.addAll(problems.keySet());
    problems.values().forEach(problem -> LOG.error(ForeignText.plain(problem)));
  }

  private static Map<String, Stamp> list(Path folder) throws IOException {
    Map<String, Stamp> files = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.json")) {
        for (Path entry : entries) {
          stamp(entry).ifPresent(stamp -> files.put(entry.getFileName().toString(), stamp));
        }
      }
    }
    return files;
  }

  private static Optional<Stamp> stamp(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? Optional.of(new Stamp(attributes.lastModifiedTime(), attributes.size()))
          : Optional.empty();
    } catch (IOException e) { // for example a link to nowhere; reading it will tell
      return Optional.of(UNREADABLE);
    }
  }

  /** What is wrong with a file; empty when it is deployed. */
  private String deploy(Path current, String file) {
    try {
      Path path = current.resolve(file);
      if (Files.size(path) > LARGEST_BYTES) {
        throw new IOException("larger than " + LARGEST_BYTES + " bytes");
      }
      register.deploy(SOURCE + file, Files.readString(path, StandardCharsets.UTF_8));
      LOG.info("manifest {} deployed", file);
      return "";
    } catch (ManifestException e) {
      return e.getMessage();
    } catch (IOException e) {
      return "manifest " + file + ": " + e;
    }
  }

  /** Takes back everything this folder deployed. */
  synchronized void undeployAll() {
    known.keySet().forEach(file -> register.undeploy(SOURCE + file));
    known.clear();
    refused.clear();
  }
}
