/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the system tells of a process of this machine; -1 for what it does not.
 *
 * @param memoryBytes of the machine's memory that it takes
 * @param busyNanos it has computed for
 */
record ProcessFacts(long memoryBytes, long busyNanos) {
  static final ProcessFacts NONE = new ProcessFacts(-1, -1);

  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

  static ProcessFacts of(long processId) {
    if (processId == 0) {
      return NONE;
    }
    long busyNanos =
        ProcessHandle.of(processId)
            .flatMap(process -> process.info().totalCpuDuration())
            .map(Duration::toNanos)
            .orElse(-1L);
    return new ProcessFacts(resident(processId), busyNanos);
  }

  private static long resident(long processId) {
    try {
      Path status = Path.of("/proc", String.valueOf(processId), "status");
      Matcher found = RESIDENT.matcher(Files.readString(status));
      return found.find() ? Long.parseLong(found.group(1)) * 1024 : -1;
    } catch (IOException e) { // another system, or it is gone
      return -1;
    }
  }
}
