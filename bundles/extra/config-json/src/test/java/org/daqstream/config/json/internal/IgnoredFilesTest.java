/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.json.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.daqstream.testing.LogLines;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class IgnoredFilesTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final IgnoredFiles files = new IgnoredFiles();

  private File jar(String name, String symbolicName) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
    if (!symbolicName.isEmpty()) {
      manifest.getMainAttributes().putValue("Bundle-SymbolicName", symbolicName);
    }
    File file = new File(folder.getRoot(), name);
    try (OutputStream out = Files.newOutputStream(file.toPath())) {
      new JarOutputStream(out, manifest).close();
    }
    return file;
  }

  @Test
  public void configurationsAreToldByTheirNames() {
    for (String name :
        List.of("org.example.cfg", "org.example-a b.cfg", "org.example-µ_1.cfg", "a(b.cfg.json")) {
      assertFalse(name, files.canHandle(new File(name)));
    }
    for (String name :
        List.of(
            "x.config",
            "p-a (copy).cfg",
            "p-a*.cfg",
            "p~a.cfg",
            "p-a\\b.cfg",
            "P-A.CFG",
            "p-a.cfg.JSON")) {
      assertTrue(name, files.canHandle(new File(name)));
    }
  }

  @Test
  public void aJarThatIsNoBundleIsSaidInOneLineUntilItChanges() throws IOException {
    LogLines.clear();
    File plain = jar("plain.jar", "");
    assertLeftToFileInstall(plain);
    assertLeftToFileInstall(plain);
    assertLeftToFileInstall(jar("good.jar", "one"));
    assertEquals(
        List.of(
            "WARN "
                + plain
                + " is ignored: it is no bundle: there is no Bundle-SymbolicName in its manifest"),
        LogLines.all());
    LogLines.clear();
    assertLeftToFileInstall(jar("plain.jar", "mended"));
    assertEquals(List.of(), LogLines.all());
    Files.write(plain.toPath(), new byte[100]);
    assertLeftToFileInstall(plain);
    String line = LogLines.all().get(0);
    assertTrue(line, line.startsWith("WARN " + plain + " is ignored: it cannot be read as a jar"));
  }

  @Test
  public void jarsInCapitalsAreLookedAtToo() throws IOException {
    LogLines.clear();
    assertLeftToFileInstall(jar("GOOD.JAR", "one"));
    File plain = jar("PLAIN.JAR", "");
    assertLeftToFileInstall(plain);
    assertEquals(1, LogLines.with(plain + " is ignored: it is no bundle").size());
    assertEquals(1, LogLines.all().size());
  }

  @Test
  public void whatIsNoFileIsTakenSoThatNobodyOpensIt() throws Exception {
    LogLines.clear();
    File pipe = new File(folder.getRoot(), "pipe.jar");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.getPath()).start().waitFor());
    assertTrue(files.canHandle(pipe));
    files.install(pipe);
    assertEquals(List.of("WARN " + pipe + " is ignored: it is no file"), LogLines.all());
  }

  private void assertLeftToFileInstall(File file) {
    assertFalse(file.getName(), files.canHandle(file));
  }
}
