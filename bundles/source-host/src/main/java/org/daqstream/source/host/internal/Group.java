/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.daqstream.signal.api.SignalTable;

/** What can be measured. */
enum Group {
  CPU,
  MEMORY,
  NETWORK,
  DISK,
  LOAD,
  TEMPERATURE;

  /** The name in the configuration. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Parses names; one string may also hold several with commas, as it comes from a .cfg file. */
  static Set<Group> parse(String[] keys) {
    Set<Group> groups = EnumSet.noneOf(Group.class);
    for (String key : String.join(",", keys).split(",", -1)) {
      if (!key.isBlank()) {
        groups.add(of(key.strip()));
      }
    }
    return Collections.unmodifiableSet(groups);
  }

  private static Group of(String key) {
    for (Group group : values()) {
      if (group.key().equals(key)) {
        return group;
      }
    }
    String allowed = String.join(", ", Arrays.stream(values()).map(Group::key).toList());
    throw new IllegalArgumentException("groups: '" + key + "' is not one of " + allowed);
  }

  /**
   * Opens the signals of the group.
   *
   * @param root folder that holds {@code proc} and {@code sys}
   * @param table where the signals go
   * @return the running measurement
   * @throws IOException when the system does not give these values, saying why
   */
  Measurement open(Path root, SignalTable table) throws IOException {
    boolean linux = Files.isReadable(root.resolve("proc/stat"));
    return switch (this) {
      case CPU -> linux ? new CpuLoad(root, table) : new ManagementBeans().cpuLoad(table);
      case MEMORY -> linux ? new Memory(root, table) : new ManagementBeans().memory(table);
      case LOAD -> linux ? new LoadAverage(root, table) : new ManagementBeans().loadAverage(table);
      case NETWORK -> new NetworkThroughput(root, table);
      case DISK -> new DiskThroughput(root, table);
      case TEMPERATURE -> new Temperatures(root, table);
    };
  }
}
