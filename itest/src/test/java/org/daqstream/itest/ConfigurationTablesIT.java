/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.Test;
import org.w3c.dom.Document;

/** What our bundles as built can be configured with is what the documentation says. */
public class ConfigurationTablesIT {
  private static final String OURS = "org.daqstream.";

  private final ConfigurationTables tables = new ConfigurationTables();

  @Test
  public void everyKeyIsDescribedAndInTheOneTableOfItsPid() throws Exception {
    for (Path jar : FelixRuntime.bundleJars()) {
      if (jar.getFileName().toString().startsWith(OURS)) {
        readBundle(jar);
      }
    }
    for (Path page : Repository.files("README.md")) {
      tables.readPage(page.toString(), Files.readAllLines(page));
    }
    try (Stream<Path> samples = Files.list(Distribution.FOLDER.resolve("conf"))) {
      for (Path sample : samples.toList()) {
        tables.readSample(sample.getFileName().toString(), Files.readAllLines(sample));
      }
    }
    assertEquals("", String.join("\n", tables.violations()));
  }

  private void readBundle(Path path) throws Exception {
    try (JarFile jar = new JarFile(path.toFile())) {
      String bundle = path.getFileName().toString().replaceFirst("\\.jar$", "");
      List<JarEntry> descriptions =
          jar.stream().filter(entry -> entry.getName().matches("OSGI-INF/.*\\.xml")).toList();
      for (JarEntry entry : descriptions) {
        try (InputStream in = jar.getInputStream(entry)) {
          Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
          if (entry.getName().startsWith("OSGI-INF/metatype/")) {
            tables.readMetatype(bundle, document);
          } else {
            tables.readComponent(bundle, document);
          }
        }
      }
    }
  }
}
