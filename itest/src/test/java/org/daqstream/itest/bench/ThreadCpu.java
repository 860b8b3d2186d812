/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** What threads of this process, or another process, have used of processors, in nanoseconds. */
final class ThreadCpu {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long NANOS_PER_TICK = 10_000_000; // of Linux, for user space
  private static final int USER_FIELD = 11; // behind the name, which may have blanks
  private static final int SYSTEM_FIELD = 12;

  private ThreadCpu() {}

  /** Of all threads that have such names. */
  static long of(Predicate<String> isMeant) {
    long nanos = 0;
    for (ThreadInfo each : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (each != null && isMeant.test(each.getThreadName())) {
        nanos += Math.max(0, THREADS.getThreadCpuTime(each.getThreadId()));
      }
    }
    return nanos;
  }

  /** Of a process. */
  static long ofProcess(long pid) throws Exception {
    String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_FIELD]) + Long.parseLong(fields[SYSTEM_FIELD]))
        * NANOS_PER_TICK;
  }
}
