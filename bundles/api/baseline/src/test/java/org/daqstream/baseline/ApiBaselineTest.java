/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.baseline;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import aQute.bnd.differ.Baseline;
import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.header.Parameters;
import aQute.bnd.osgi.Instructions;
import aQute.bnd.osgi.Jar;
import aQute.bnd.osgi.Processor;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Manifest;
import org.daqstream.discovery.api.DeviceBrowser;
import org.daqstream.ops.api.MetricSource;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.security.api.Authenticator;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.shell.api.ShellCommand;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.stream.api.StreamClient;
import org.junit.Test;

/**
 * Each exported package has the version that its differences from the last release ask for, by
 * bnd's rules: a removal or a new duty of those who implement is major, an addition minor, anything
 * else micro. What the last release exported is in {@code released}.
 */
public class ApiBaselineTest {
  private static final Path RELEASED = Path.of("released");

  /** One class of each bundle that exports to plug-ins; {@code protocol} does not. */
  private static final List<Class<?>> EXPORTED =
      List.of(
          SignalRegistry.class,
          StreamClient.class,
          ServerMonitor.class,
          DeviceBrowser.class,
          MetricSource.class,
          ShellCommand.class,
          Authenticator.class,
          RecordingFormat.class);

  @Test
  public void everyPackageHasTheVersionThatItsChangesAskFor() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Class<?> each : EXPORTED) {
      try (Jar now = exportsOf(each)) {
        Path released = RELEASED.resolve(now.getBsn() + ".jar");
        if (Boolean.getBoolean("baseline.take")) {
          Files.createDirectories(RELEASED);
          now.write(released.toFile());
        }
        try (Jar before = new Jar(released.toFile())) {
          wrong.addAll(mismatches(now, before));
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  public void aMethodThatIsGoneAsksForAMajorVersion() throws Exception {
    try (Jar now = exportsOf(SignalRegistry.class);
        Jar before = exportsOf(SignalRegistry.class)) {
      now.remove("org/daqstream/signal/api/SignalPort.class");
      List<String> wrong = mismatches(now, before);
      assertTrue(
          wrong.toString(),
          wrong.get(0).matches("(?s)org\\.daqstream\\.signal\\.api is 1\\.[^,]+, must be 2\\..*"));
    }
  }

  private static List<String> mismatches(Jar now, Jar before) throws Exception {
    try (Processor processor = new Processor()) {
      return new Baseline(processor, new DiffPluginImpl())
          .baseline(now, before, new Instructions("*")).stream()
              .filter(info -> info.mismatch)
              .map(
                  info ->
                      "%s is %s, must be %s:\n%s"
                          .formatted(
                              info.packageName,
                              info.newerVersion,
                              info.suggestedVersion,
                              info.packageDiff))
              .toList();
    }
  }

  /** The bundle without what it does not export. */
  private static Jar exportsOf(Class<?> member) throws Exception {
    Jar jar = new Jar(new File(member.getProtectionDomain().getCodeSource().getLocation().toURI()));
    Manifest manifest = jar.getManifest();
    Parameters exports = new Parameters(manifest.getMainAttributes().getValue("Export-Package"));
    for (String path : List.copyOf(jar.getResources().keySet())) {
      String folder = path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
      if (!exports.containsKey(folder.replace('/', '.'))) {
        jar.remove(path);
      }
    }
    jar.setManifest(manifest);
    jar.setReproducible("true");
    return jar;
  }
}
