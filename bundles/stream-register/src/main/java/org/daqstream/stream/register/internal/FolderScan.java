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
import java.util.Set;
import java.util.TreeMap;
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

  private final StreamRegister register;
  private final Map<String, Stamp> known = new HashMap<>();
  private final Set<String> refused = new HashSet<>();
  private volatile Path folder;

  FolderScan(StreamRegister register, Path folder) {
    this.register = register;
    this.folder = folder;
  }

  void folder(Path folder) {
    this.folder = folder;
  }

  /** Looks once; whatever goes wrong is logged, the next look comes. */
  void run() {
    try {
      scan();
    } catch (IOException | RuntimeException e) {
      LOG.warn("manifest folder {}", folder, e);
    }
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
    for (String file : found.keySet()) {
      if (changed.contains(file)) {
        known.put(file, found.get(file));
        deploy(current, file);
      }
    }
  }

  private static Map<String, Stamp> list(Path folder) throws IOException {
    Map<String, Stamp> files = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.json")) {
        for (Path entry : entries) {
          BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
          if (attributes.isRegularFile()) {
            files.put(
                entry.getFileName().toString(),
                new Stamp(attributes.lastModifiedTime(), attributes.size()));
          }
        }
      }
    }
    return files;
  }

  private void deploy(Path current, String file) {
    try {
      Path path = current.resolve(file);
      if (Files.size(path) > LARGEST_BYTES) {
        throw new IOException("larger than " + LARGEST_BYTES + " bytes");
      }
      register.deploy(SOURCE + file, Files.readString(path, StandardCharsets.UTF_8));
      refused.remove(file);
      LOG.info("manifest {} deployed", file);
    } catch (ManifestException e) {
      refused.add(file);
      LOG.error("{}", e.getMessage());
    } catch (IOException e) {
      refused.add(file);
      LOG.error("manifest {}: {}", file, e.toString());
    }
  }

  /** Takes back everything this folder deployed. */
  synchronized void undeployAll() {
    known.keySet().forEach(file -> register.undeploy(SOURCE + file));
    known.clear();
    refused.clear();
  }
}
