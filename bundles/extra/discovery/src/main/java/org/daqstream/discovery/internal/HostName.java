/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine is called. */
final class HostName {
  private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  /** The first part of the name. Asks no name server where that can be helped. */
  static String get() {
    String first = read().strip().split("\\.", 2)[0];
    return first.isEmpty() ? "localhost" : first;
  }

  private static String read() {
    try {
      if (Files.isReadable(LINUX)) {
        return Files.readString(LINUX);
      }
      String windows = System.getenv("COMPUTERNAME");
      return windows == null ? InetAddress.getLocalHost().getHostName() : windows;
    } catch (IOException e) {
      return "";
    }
  }
}
