/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.osgi.framework.Bundle;

/**
 * A bundle of writers as somebody delivers it who has changed what it embeds: the last number of
 * each block has the other sign.
 */
final class MendedWriter {
  private static final String MACHINERY = "org/daqstream/writer/support/FixedSizeWriter";
  private static final Path SOURCES =
      Repository.ROOT.resolve("bundles/support/writer-support/src/main/java");
  private static final String PUT = "      put(samples, offset, count, target);\n";
  private static final String OTHER_SIGN =
      "target.put(target.position() - 1, (byte) (target.get(target.position() - 1) ^ 0x80));\n";

  private MendedWriter() {}

  /**
   * The jar.
   *
   * @param writer which embeds the class
   * @param api what the class is compiled against
   */
  static InputStream of(Bundle writer, Bundle api) throws IOException {
    byte[] mended = compile(Path.of(uri(writer)), Path.of(uri(api)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int replaced = 0;
    try (JarInputStream jar = new JarInputStream(original(writer));
        JarOutputStream copy = new JarOutputStream(bytes, jar.getManifest())) {
      for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
        copy.putNextEntry(new JarEntry(entry.getName()));
        if (entry.getName().equals(MACHINERY + ".class")) {
          copy.write(mended);
          replaced++;
        } else {
          jar.transferTo(copy);
        }
      }
    }
    assertEquals("embedded " + MACHINERY, 1, replaced);
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  /** The jar as it was. */
  static InputStream original(Bundle writer) throws IOException {
    return uri(writer).toURL().openStream();
  }

  private static URI uri(Bundle bundle) {
    return URI.create(bundle.getLocation());
  }

  private static byte[] compile(Path writer, Path api) throws IOException {
    String source = Files.readString(SOURCES.resolve(MACHINERY + ".java"));
    assertEquals("one place to mend", source.indexOf(PUT), source.lastIndexOf(PUT));
    assertNotEquals("no place to mend", -1, source.indexOf(PUT));
    Path folder = Files.createTempDirectory("mended");
    Path file = folder.resolve("FixedSizeWriter.java");
    Path compiled = folder.resolve(MACHINERY + ".class");
    try {
      Files.writeString(file, source.replace(PUT, PUT + OTHER_SIGN));
      String classPath = writer + System.getProperty("path.separator") + api;
      int faults =
          ToolProvider.getSystemJavaCompiler()
              .run(
                  null,
                  null,
                  null,
                  "-nowarn",
                  "-proc:none",
                  "-cp",
                  classPath,
                  "-d",
                  folder.toString(),
                  file.toString());
      assertEquals("faults", 0, faults);
      return Files.readAllBytes(compiled);
    } finally {
      for (Path made = compiled; !made.equals(folder.getParent()); made = made.getParent()) {
        Files.deleteIfExists(file);
        Files.deleteIfExists(made);
      }
    }
  }
}
