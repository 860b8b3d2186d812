/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/**
 * The rules of who may import from whom, checked on the manifests of our bundles. A bundle is named
 * here without {@code org.daqstream.}; a new one needs a row of its own.
 */
final class BundleArrows {
  private static final String OURS = "org.daqstream.";

  /** Bundles and packages (with their sub-packages) each bundle may import from. */
  private record Row(Set<String> bundles, Set<String> libraries) {}

  private static final Row PLUG_IN = new Row(Set.of("signal.api"), Set.of("org.osgi", "org.slf4j"));

  private static final Row FORMAT =
      new Row(Set.of("signal.api", "recording.api"), Set.of("com.fasterxml.jackson", "org.osgi"));

  private static final Row MODULE = new Row(Set.of("stream.api"), Set.of("org.osgi", "org.slf4j"));

  private static final Map<String, Row> ROWS =
      Map.ofEntries(
          Map.entry("signal.api", new Row(Set.of(), Set.of())),
          Map.entry("signal.registry", PLUG_IN),
          Map.entry(
              "protocol",
              new Row(Set.of("signal.api"), Set.of("com.fasterxml.jackson", "org.msgpack"))),
          Map.entry("server.api", new Row(Set.of(), Set.of())),
          Map.entry(
              "server",
              new Row(
                  Set.of("signal.api", "server.api", "security.api", "protocol"),
                  Set.of("com.fasterxml.jackson", "org.eclipse.jetty", "org.osgi", "org.slf4j"))),
          Map.entry(
              "client",
              new Row(
                  Set.of("signal.api", "protocol"),
                  Set.of("com.fasterxml.jackson", "org.msgpack"))),
          Map.entry("recording.api", new Row(Set.of("signal.api"), Set.of())),
          Map.entry("recording.csv", FORMAT),
          Map.entry("recording.parquet", FORMAT),
          Map.entry("recording.wav", FORMAT),
          Map.entry(
              "recorder",
              new Row(Set.of("signal.api", "recording.api"), Set.of("org.osgi", "org.slf4j"))),
          Map.entry(
              "gateway",
              new Row(
                  Set.of("signal.api", "server.api", "discovery.api", "client", "protocol"),
                  Set.of("org.osgi", "org.slf4j"))),
          Map.entry(
              "nats.bridge",
              new Row(
                  Set.of("signal.api"), Set.of("com.fasterxml.jackson", "org.osgi", "org.slf4j"))),
          Map.entry("writer.numeric", PLUG_IN),
          Map.entry("writer.complex", PLUG_IN),
          Map.entry("writer.struct", PLUG_IN),
          Map.entry("writer.bitfield", PLUG_IN),
          Map.entry("writer.binary", PLUG_IN),
          Map.entry(
              "source.file",
              new Row(
                  Set.of("signal.api", "recording.api"),
                  Set.of("de.siegmar.fastcsv", "org.osgi", "org.slf4j"))),
          Map.entry("source.host", PLUG_IN),
          Map.entry("source.simulator", PLUG_IN),
          Map.entry("security.api", new Row(Set.of(), Set.of())),
          Map.entry(
              "login.tokens", new Row(Set.of("security.api"), Set.of("org.osgi", "org.slf4j"))),
          Map.entry("login.jaas", new Row(Set.of("security.api"), Set.of("org.osgi", "org.slf4j"))),
          Map.entry("discovery.api", new Row(Set.of(), Set.of())),
          Map.entry(
              "discovery",
              new Row(Set.of("server.api", "discovery.api"), Set.of("org.osgi", "org.slf4j"))),
          Map.entry("stream.api", new Row(Set.of(), Set.of())),
          Map.entry(
              "stream.register",
              new Row(
                  Set.of("stream.api"), Set.of("com.fasterxml.jackson", "org.osgi", "org.slf4j"))),
          Map.entry("transport.null", MODULE),
          Map.entry("transport.posix", MODULE),
          Map.entry("transport.nng", MODULE),
          Map.entry("transport.nats", MODULE),
          Map.entry(
              "stream.remote",
              new Row(Set.of("stream.api", "security.api"), Set.of("org.osgi", "org.slf4j"))),
          Map.entry(
              "module.wasm",
              new Row(
                  Set.of("stream.api", "signal.api"),
                  Set.of("org.apache.felix.fileinstall", "org.osgi", "org.slf4j"))),
          Map.entry(
              "config.json",
              new Row(
                  Set.of(),
                  Set.of(
                      "com.fasterxml.jackson",
                      "org.apache.felix.fileinstall",
                      "org.osgi",
                      "org.slf4j"))),
          Map.entry(
              "console",
              new Row(
                  Set.of(), Set.of("org.apache.felix.service.command", "org.osgi", "org.slf4j"))),
          Map.entry("shell.api", new Row(Set.of(), Set.of())),
          Map.entry(
              "shell",
              new Row(
                  Set.of(
                      "signal.api",
                      "server.api",
                      "security.api",
                      "stream.api",
                      "discovery.api",
                      "recording.api",
                      "shell.api"),
                  Set.of("com.fasterxml.jackson", "org.apache.felix.service.command", "org.osgi"))),
          Map.entry(
              "shell.karaf",
              new Row(Set.of("shell.api"), Set.of("org.apache.karaf.shell", "org.osgi"))),
          Map.entry(
              "karaf.files",
              new Row(Set.of(), Set.of("org.apache.karaf.features", "org.osgi", "org.slf4j"))),
          Map.entry("ops.api", new Row(Set.of(), Set.of())),
          Map.entry(
              "ops",
              new Row(
                  Set.of("signal.api", "server.api", "stream.api", "recording.api", "ops.api"),
                  Set.of("org.osgi", "org.slf4j"))),
          Map.entry(
              "ops.health",
              new Row(
                  Set.of("signal.api", "server.api", "stream.api", "recording.api"),
                  Set.of("org.apache.felix.hc.api", "org.osgi", "org.slf4j"))),
          Map.entry("viewer", new Row(Set.of("server.api"), Set.of("org.osgi"))),
          Map.entry("example.camera", MODULE),
          Map.entry("example.collector", MODULE),
          Map.entry(
              "bridge",
              new Row(Set.of("signal.api", "stream.api"), Set.of("org.osgi", "org.slf4j"))));

  /** Outside of quotes: an even number of them follows. */
  private static final String UNQUOTED = "(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)";

  private static final Pattern CLAUSE_END = Pattern.compile("," + UNQUOTED);
  private static final Pattern PART_END = Pattern.compile(";" + UNQUOTED);

  private final List<String> violations = new ArrayList<>();
  private final Map<String, String> exporters = new HashMap<>();

  private BundleArrows() {}

  /** What is wrong with these bundles, one sentence each; empty when nothing is. */
  static List<String> violations(Collection<Manifest> manifests) {
    BundleArrows arrows = new BundleArrows();
    manifests.forEach(manifest -> arrows.readExports(manifest.getMainAttributes()));
    manifests.forEach(manifest -> arrows.check(manifest.getMainAttributes()));
    return arrows.violations;
  }

  private void readExports(Attributes headers) {
    String bundle = nameOf(headers);
    for (List<String> clause : clauses(headers, "Export-Package")) {
      for (String exported : paths(clause)) {
        String other = exporters.putIfAbsent(exported, bundle);
        if (other != null) {
          violations.add(exported + " is exported by " + other + " and by " + bundle);
        }
        if (isInternal(exported)) {
          violations.add(bundle + " exports the internal package " + exported);
        } else if (!isApi(bundle)) {
          violations.add(bundle + " exports " + exported + ", whose users end with its updates");
        }
      }
    }
  }

  private void check(Attributes headers) {
    String bundle = nameOf(headers);
    for (String header : List.of("Require-Bundle", "DynamicImport-Package", "Fragment-Host")) {
      if (headers.getValue(header) != null) {
        violations.add(bundle + " has " + header + ": " + headers.getValue(header));
      }
    }
    Row row = ROWS.get(bundle);
    if (row == null) {
      violations.add(bundle + " has no row in BundleArrows");
      return;
    }
    for (List<String> clause : clauses(headers, "Import-Package")) {
      for (String imported : paths(clause)) {
        if (clause.contains("resolution:=optional")
            || clause.contains("resolution:=\"optional\"")) {
          violations.add(bundle + " imports " + imported + " optionally");
        }
        checkImport(bundle, row, imported);
      }
    }
  }

  private void checkImport(String bundle, Row row, String imported) {
    if (isInternal(imported)) {
      violations.add(bundle + " imports the internal package " + imported);
    } else if (imported.startsWith(OURS)) {
      String exporter = exporters.get(imported);
      if (exporter == null) {
        violations.add(bundle + " imports " + imported + ", which no bundle exports");
      } else if (!exporter.equals(bundle) && !row.bundles().contains(exporter)) {
        violations.add(bundle + " must not import " + imported + " of " + exporter);
      }
    } else if (row.libraries().stream().noneMatch(library -> isWithin(imported, library))
        && !isWithin(imported, "java")
        && !isWithin(imported, "javax")) {
      violations.add(bundle + " must not import " + imported);
    }
  }

  /** An update of these stops whoever imports from them, so they hold little. */
  private static boolean isApi(String bundle) {
    return bundle.endsWith(".api") || Set.of("protocol", "client").contains(bundle);
  }

  private static boolean isInternal(String packageName) {
    return packageName.startsWith(OURS) && (packageName + ".").contains(".internal.");
  }

  private static boolean isWithin(String packageName, String root) {
    return packageName.equals(root) || packageName.startsWith(root + ".");
  }

  private static String nameOf(Attributes headers) {
    String symbolicName = headers.getValue("Bundle-SymbolicName").replaceAll(";.*", "").strip();
    return symbolicName.startsWith(OURS) ? symbolicName.substring(OURS.length()) : symbolicName;
  }

  /**
   * The clauses of a header, each as its parts: the paths first, then attributes and directives.
   */
  private static List<List<String>> clauses(Attributes headers, String header) {
    String value = headers.getValue(header);
    if (value == null) {
      return List.of();
    }
    return Arrays.stream(CLAUSE_END.split(value))
        .map(clause -> Arrays.stream(PART_END.split(clause)).map(String::strip).toList())
        .toList();
  }

  private static List<String> paths(List<String> clause) {
    return clause.stream().takeWhile(part -> !part.contains("=")).toList();
  }
}
