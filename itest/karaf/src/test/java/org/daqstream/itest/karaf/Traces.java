/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.karaf;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;

/**
 * All that an installation may leave behind, each with a name: bundles, threads, open ports (TCP
 * that listen, and UDP, thus mDNS), MBeans, files and folders.
 */
final class Traces {
  /** Where Karaf itself writes all the time. */
  private static final Pattern OF_KARAF_FILE =
      Pattern.compile("data/(cache|log)/.*|data/tmp/fileinstall.*");

  /** Threads that Karaf, Pax Exam and the JDK start when they need them first. */
  private static final Pattern OF_KARAF_THREAD =
      Pattern.compile(
          "(activator|downloader|features|fileinstall|gogo|sshd|CM |Felix|Karaf|Console|RMI|JMX"
              + "|process reaper|Attach|Keep-Alive|Common-Cleaner).*");

  private static final String LISTENS = "0A";

  private Traces() {}

  /** Everything that is there now. */
  static Set<String> now(BundleContext context) throws IOException {
    Set<String> traces = new TreeSet<>();
    for (var bundle : context.getBundles()) {
      traces.add("bundle " + bundle.getSymbolicName() + " " + bundle.getVersion());
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!OF_KARAF_THREAD.matcher(thread.getName()).matches()) {
        traces.add("thread " + thread.getName() + " of " + thread.getContextClassLoader());
      }
    }
    ManagementFactory.getPlatformMBeanServer()
        .queryNames(null, null)
        .forEach(name -> traces.add("MBean " + name));
    addSockets(traces);
    addFiles(traces, Path.of(System.getProperty("karaf.base")));
    return traces;
  }

  /** Open ports of this process as Linux tells them; elsewhere there are none. */
  private static void addSockets(Collection<String> traces) throws IOException {
    Path self = Path.of("/proc/self");
    if (!Files.isDirectory(self)) {
      return;
    }
    List<String> mine = new ArrayList<>();
    try (Stream<Path> descriptors = Files.list(self.resolve("fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          mine.add(Files.readSymbolicLink(descriptor).toString());
        } catch (NoSuchFileException e) {
          // closed meanwhile
        }
      }
    }
    for (String protocol : List.of("tcp", "tcp6", "udp", "udp6")) {
      for (String line : Files.readAllLines(self.resolve("net").resolve(protocol))) {
        String[] columns = line.strip().split(" +", -1);
        boolean open = protocol.startsWith("udp") || columns[3].equals(LISTENS);
        if (open && mine.contains("socket:[" + columns[9] + "]")) {
          String port = columns[1].substring(columns[1].lastIndexOf(':') + 1);
          traces.add("socket " + protocol + " port " + Integer.parseInt(port, 16));
        }
      }
    }
  }

  private static void addFiles(Collection<String> traces, Path karaf) throws IOException {
    try (Stream<Path> files = Files.walk(karaf)) {
      for (Path file : files.toList()) {
        String name = karaf.relativize(file).toString();
        if (!OF_KARAF_FILE.matcher(name).matches()) {
          traces.add((Files.isDirectory(file) ? "folder " : "file ") + name);
        }
      }
    }
  }
}
