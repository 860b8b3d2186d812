/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.junit.Test;

/** The checker itself: it is silent about good bundles and finds each kind of bad one. */
public class BundleArrowsTest {
  private static final Manifest API =
      bundle(
          "signal.api",
          "Export-Package: org.daqstream.signal.api;version=\"0.1.0\","
              + "org.daqstream.signal.api.writer;uses:=\"org.daqstream.signal.api,java.util\"");

  private static final Manifest PROTOCOL =
      bundle("protocol", "Export-Package: org.daqstream.protocol;version=\"0.1.0\"");

  @Test
  public void acceptsArrowsThatPointDownwards() {
    Manifest server =
        bundle(
            "server",
            "Import-Package: java.util,org.daqstream.signal.api;version=\"[0.1,1)\","
                + "org.daqstream.protocol;version=\"[0.1,1)\",org.eclipse.jetty.io,org.slf4j");
    assertEquals(List.of(), violations(API, PROTOCOL, server));
  }

  @Test
  public void findsAnArrowThatPointsUpwards() {
    Manifest writer = bundle("writer.numeric", "Import-Package: org.daqstream.protocol");
    assertEquals(
        List.of("writer.numeric must not import org.daqstream.protocol of protocol"),
        violations(PROTOCOL, writer));
  }

  @Test
  public void findsTheForbiddenPackageBehindARangeInQuotes() {
    Manifest writer =
        bundle(
            "writer.numeric",
            "Import-Package: org.daqstream.signal.api;version=\"[0.1,1)\",org.daqstream.protocol");
    assertEquals(
        List.of("writer.numeric must not import org.daqstream.protocol of protocol"),
        violations(API, PROTOCOL, writer));
  }

  @Test
  public void findsALibraryThatIsNotMeantForTheBundle() {
    Manifest writer = bundle("writer.numeric", "Import-Package: org.eclipse.jetty.io");
    assertEquals(
        List.of("writer.numeric must not import org.eclipse.jetty.io"), violations(writer));
  }

  @Test
  public void findsAnInternalPackageThatIsExported() {
    Manifest server = bundle("server", "Export-Package: org.daqstream.server.internal.log");
    assertEquals(
        List.of("server exports the internal package org.daqstream.server.internal.log"),
        violations(server));
  }

  @Test
  public void findsABundleThatExportsAndIsNoApi() {
    Manifest ops = bundle("ops", "Export-Package: org.daqstream.ops.api");
    assertEquals(
        List.of("ops exports org.daqstream.ops.api, whose users end with its updates"),
        violations(ops));
  }

  @Test
  public void findsAnInternalPackageThatIsImported() {
    Manifest server = bundle("server", "Import-Package: org.daqstream.protocol.internal");
    assertEquals(
        List.of("server imports the internal package org.daqstream.protocol.internal"),
        violations(PROTOCOL, server));
  }

  @Test
  public void findsAPackageThatTwoBundlesExport() {
    Manifest other = bundle("server.api", "Export-Package: org.daqstream.protocol");
    assertEquals(
        List.of("org.daqstream.protocol is exported by protocol and by server.api"),
        violations(PROTOCOL, other));
  }

  @Test
  public void findsAnImportThatNobodyExports() {
    Manifest server = bundle("server", "Import-Package: org.daqstream.protocol");
    assertEquals(
        List.of("server imports org.daqstream.protocol, which no bundle exports"),
        violations(server));
  }

  @Test
  public void findsAnOptionalImport() {
    Manifest server =
        bundle("server", "Import-Package: org.slf4j;version=\"[2,3)\";resolution:=optional");
    assertEquals(List.of("server imports org.slf4j optionally"), violations(server));
  }

  @Test
  public void findsHeadersThatBindMoreThanAPackage() {
    Manifest server =
        bundle(
            "server",
            "Require-Bundle: org.daqstream.protocol",
            "DynamicImport-Package: *",
            "Fragment-Host: org.daqstream.protocol");
    assertEquals(
        List.of(
            "server has Require-Bundle: org.daqstream.protocol",
            "server has DynamicImport-Package: *",
            "server has Fragment-Host: org.daqstream.protocol"),
        violations(server));
  }

  @Test
  public void findsABundleWithoutARow() {
    assertEquals(List.of("surprise has no row in BundleArrows"), violations(bundle("surprise")));
  }

  private static List<String> violations(Manifest... bundles) {
    return new ArrayList<>(BundleArrows.violations(Arrays.asList(bundles)));
  }

  private static Manifest bundle(String name, String... headers) {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.putValue("Bundle-SymbolicName", "org.daqstream." + name + ";singleton:=true");
    for (String header : headers) {
      int colon = header.indexOf(": ");
      attributes.putValue(header.substring(0, colon), header.substring(colon + 2));
    }
    return manifest;
  }
}
