/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

public class FelixRuntimeTest {
  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private Layout layout;
  private FelixRuntime runtime;

  @Before
  public void createDistribution() throws IOException {
    Path dist = folder.newFolder().toPath();
    Files.createDirectory(dist.resolve("bundles"));
    layout = Layout.of(dist, folder.newFolder().toPath());
    runtime = new FelixRuntime(layout);
  }

  @After
  public void stop() {
    runtime.stop();
  }

  private void bundle(String jar, String... headers) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.putValue("Manifest-Version", "1.0");
    for (int i = 0; i < headers.length; i += 2) {
      attributes.putValue(headers[i], headers[i + 1]);
    }
    try (OutputStream file = Files.newOutputStream(layout.bundles().resolve(jar))) {
      new JarOutputStream(file, manifest).close();
    }
  }

  private void bundle(String name) throws IOException {
    bundle(name + ".jar", "Bundle-ManifestVersion", "2", "Bundle-SymbolicName", name);
  }

  @Test
  public void everyBundleIsActive() throws Exception {
    bundle("b");
    bundle("a");
    BundleContext context = runtime.start();
    for (Bundle bundle : context.getBundles()) {
      assertEquals(bundle.getSymbolicName(), Bundle.ACTIVE, bundle.getState());
    }
    assertEquals(3, context.getBundles().length);
  }

  @Test
  public void fragmentNeedsNoStart() throws Exception {
    bundle("host");
    bundle(
        "fragment.jar",
        "Bundle-ManifestVersion",
        "2",
        "Bundle-SymbolicName",
        "fragment",
        "Fragment-Host",
        "host");
    assertEquals(3, runtime.start().getBundles().length);
  }

  @Test
  public void everyBundleThatDoesNotStartIsNamedWithItsReason() throws Exception {
    bundle("good");
    bundle(
        "bad.jar",
        "Bundle-ManifestVersion",
        "2",
        "Bundle-SymbolicName",
        "bad",
        "Import-Package",
        "no.such");
    Files.writeString(layout.bundles().resolve("junk.jar"), "junk");
    StartException e = assertThrows(StartException.class, runtime::start);
    assertTrue(e.getMessage(), e.getMessage().contains("bundle bad does not start"));
    assertTrue(e.getMessage(), e.getMessage().contains("osgi.wiring.package=no.such"));
    assertTrue(e.getMessage(), e.getMessage().contains("junk.jar is not a usable bundle"));
  }

  @Test
  public void emptyDistributionIsSaid() {
    StartException e = assertThrows(StartException.class, runtime::start);
    assertEquals("there is no bundle in " + layout.bundles(), e.getMessage());
  }

  @Test
  public void configurationComesFirstAndSourcesLast() throws Exception {
    for (String name :
        List.of(
            "a",
            "org.apache.felix.fileinstall",
            "org.daqstream.source.x",
            "org.daqstream.writer",
            "pax-logging-api")) {
      bundle(name);
    }
    assertEquals(
        List.of(
            "pax-logging-api.jar",
            "org.apache.felix.fileinstall.jar",
            "a.jar",
            "org.daqstream.writer.jar",
            "org.daqstream.source.x.jar"),
        layout.bundleJars().stream().map(jar -> jar.getFileName().toString()).toList());
  }

  /** Secrets in configurations are copied there. */
  @Test
  public void whatTheFrameworkKeepsIsForItsOwnerOnly() throws Exception {
    bundle("a");
    runtime.start();
    Path cache = layout.var().resolve("felix");
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)));
  }

  @Test
  public void newInstanceGetsTheDefaultConfigurationAndKeepsItsOwn() throws Exception {
    bundle("a");
    Path defaults = Files.createDirectory(layout.bundles().resolveSibling("conf"));
    Files.writeString(defaults.resolve("x.cfg"), "# default");
    runtime.start();
    assertEquals("# default", Files.readString(layout.conf().resolve("x.cfg")));
    Files.writeString(layout.conf().resolve("x.cfg"), "own = 1");
    layout.create();
    assertEquals("own = 1", Files.readString(layout.conf().resolve("x.cfg")));
  }
}
