/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.junit.Test;

/** Our bundles as built keep to the arrows. */
public class BundleArrowsIT {
  @Test
  public void ourBundlesImportOnlyWhatTheyMay() throws IOException {
    List<Manifest> ours = new ArrayList<>();
    for (Path path : FelixRuntime.bundleJars()) {
      if (path.getFileName().toString().startsWith("org.daqstream.")) {
        try (JarFile jar = new JarFile(path.toFile())) {
          ours.add(jar.getManifest());
        }
      }
    }
    assertFalse("no bundle of ours in target/bundles", ours.isEmpty());
    assertEquals(List.of(), BundleArrows.violations(ours));
  }
}
