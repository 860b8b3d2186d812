/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.host.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
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

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Set<Group> of(Collection<String> keys) {
    Set<Group> groups = EnumSet.noneOf(Group.class);
    keys.forEach(key -> groups.add(valueOf(key.toUpperCase(Locale.ROOT))));
    return Collections.unmodifiableSet(groups);
  }

  /**
   * Opens the signals of the group.
   *
   * @param root folder that holds {@code proc} and {@code sys}
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
