/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The names of this machine: as it calls itself, alone and in the domain of mDNS. */
final class MachineNames {
  private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");

  private MachineNames() {}

  /** All in small letters; does not ask the network where the system can be asked. */
  static Set<String> get() {
    String name = ask().strip().toLowerCase(Locale.ROOT);
    Set<String> names = new TreeSet<>();
    if (!name.isEmpty()) {
      String label = name.replaceFirst("\\..*", "");
      names.add(name);
      names.add(label);
      names.add(label + ".local");
    }
    return names;
  }

  private static String ask() {
    try {
      return Files.isReadable(LINUX)
          ? Files.readString(LINUX)
          : InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return ""; // then by its addresses only
    } catch (IOException e) {
      return "";
    }
  }
}
