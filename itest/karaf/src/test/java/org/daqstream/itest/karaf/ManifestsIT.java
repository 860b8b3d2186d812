/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest.karaf;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.Test;

/** Our bundles in the KAR, also those that are for Karaf alone, are wired by plain imports only. */
public class ManifestsIT {
  private static final String OURS = "repository/org/daqstream/org.daqstream.";

  @Test
  public void nothingButMandatoryImportsOfPackagesThatAreNotInternal() throws IOException {
    List<String> seen = new ArrayList<>();
    try (ZipFile kar = new ZipFile(System.getProperty("daqstream.kar"))) {
      for (ZipEntry entry : kar.stream().toList()) {
        if (entry.getName().startsWith(OURS) && entry.getName().endsWith(".jar")) {
          try (JarInputStream jar = new JarInputStream(kar.getInputStream(entry))) {
            seen.add(check(jar.getManifest().getMainAttributes()));
          }
        }
      }
    }
    for (String bundle : List.of("karaf.files", "shell.karaf", "ops.health", "server")) {
      assertTrue(seen.toString(), seen.contains("org.daqstream." + bundle));
    }
  }

  private static String check(Attributes manifest) {
    String name = manifest.getValue("Bundle-SymbolicName").replaceAll(";.*", "");
    for (String header : List.of("Require-Bundle", "DynamicImport-Package", "Fragment-Host")) {
      assertEquals(name + " " + header, null, manifest.getValue(header));
    }
    String imports = String.valueOf(manifest.getValue("Import-Package"));
    for (String part : List.of("resolution:=", ".internal")) {
      assertTrue(name + " imports " + imports, !imports.contains(part));
    }
    return name;
  }
}
