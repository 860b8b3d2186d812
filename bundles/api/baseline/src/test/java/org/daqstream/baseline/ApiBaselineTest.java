/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.baseline;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import aQute.bnd.differ.Baseline;
import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.header.Parameters;
import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.Clazz;
import aQute.bnd.osgi.Descriptors.PackageRef;
import aQute.bnd.osgi.Instructions;
import aQute.bnd.osgi.Jar;
import aQute.bnd.osgi.Processor;
import aQute.bnd.osgi.Resource;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.daqstream.client.SlowConsumer;
import org.daqstream.signal.api.SignalRegistry;
import org.junit.Test;

/**
 * Each exported package has the version that its differences from the last release ask for, by
 * bnd's rules: a removal or a new duty of those who implement is major, an addition minor, anything
 * else micro. What the last release exported is in {@code released}. And no package shows a type
 * that is not in one of them.
 */
public class ApiBaselineTest {
  private static final Path RELEASED = Path.of("released");

  private static final Path ROOT = Path.of("../../..");

  /** Exported for bundles of this house, which are released with it: its package says why. */
  private static final Set<String> NO_API = Set.of("org.daqstream.protocol");

  private static final Pattern EXPORTED =
      Pattern.compile("^@Export\\b.*^package ([\\w.]+);", Pattern.MULTILINE | Pattern.DOTALL);

  @Test
  public void everyPackageHasTheVersionThatItsChangesAskFor() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (URI each : bundles()) {
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
    URI api = bundleOf(SignalRegistry.class.getPackageName());
    try (Jar now = exportsOf(api);
        Jar before = exportsOf(api)) {
      now.remove("org/daqstream/signal/api/SignalPort.class");
      List<String> wrong = mismatches(now, before);
      assertTrue(
          wrong.toString(),
          wrong.get(0).matches("(?s)org\\.daqstream\\.signal\\.api is 1\\.[^,]+, must be 2\\..*"));
    }
  }

  @Test
  public void noPackageShowsATypeThatIsNoApi() throws Exception {
    Map<String, Set<String>> shown = new TreeMap<>();
    Set<String> api = new HashSet<>();
    for (URI each : bundles()) {
      try (Jar jar = exportsOf(each)) {
        api.addAll(jar.getPackages());
        shown.putAll(shownBy(jar));
      }
    }
    assertTrue(shown.toString(), shown.get(SlowConsumer.class.getName()).contains("java.lang"));
    shown.values().forEach(packages -> packages.removeIf(each -> each.startsWith("java")));
    shown.values().forEach(packages -> packages.removeAll(api));
    shown.values().removeIf(Set::isEmpty);
    assertEquals(Map.of(), shown);
  }

  /** The packages in what classes show to others, by class. */
  private static Map<String, Set<String>> shownBy(Jar jar) throws Exception {
    Map<String, Set<String>> shown = new HashMap<>();
    try (Analyzer analyzer = new Analyzer()) {
      for (Map.Entry<String, Resource> each : jar.getResources().entrySet()) {
        if (!each.getKey().endsWith(".class") || each.getKey().endsWith("package-info.class")) {
          continue;
        }
        Clazz read = new Clazz(analyzer, each.getKey(), each.getValue());
        read.parseClassFile();
        if (read.isPublic() || read.isProtected()) {
          shown.put(
              read.getFQN(),
              read.getAPIUses().stream().map(PackageRef::getFQN).collect(Collectors.toSet()));
        }
      }
    }
    return shown;
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

  /** Of all packages in the tree that are marked for export. */
  private static Set<URI> bundles() throws IOException {
    Set<URI> bundles = new TreeSet<>();
    try (Stream<Path> files = Files.walk(ROOT.resolve("bundles"))) {
      for (Path file : files.filter(each -> each.endsWith("package-info.java")).toList()) {
        Matcher exported = EXPORTED.matcher(Files.readString(file));
        if (exported.find() && !NO_API.contains(exported.group(1))) {
          bundles.add(bundleOf(exported.group(1)));
        }
      }
    }
    return bundles;
  }

  private static URI bundleOf(String exported) {
    String path = exported.replace('.', '/') + "/package-info.class";
    URL found = ApiBaselineTest.class.getClassLoader().getResource(path);
    assertNotNull(exported + " is exported: add its bundle to the pom.xml of this test", found);
    String url = found.toString();
    return URI.create(
        url.substring(0, url.length() - path.length()).replaceFirst("^jar:(.*)!/$", "$1"));
  }

  /** The bundle without what it does not export. */
  private static Jar exportsOf(URI bundle) throws Exception {
    Jar jar = new Jar(new File(bundle));
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
