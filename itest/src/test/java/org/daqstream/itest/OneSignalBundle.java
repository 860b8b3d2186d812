/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** A bundle that publishes one signal as long as it is started; compiled when it is needed. */
final class OneSignalBundle {
  private static final String SOURCE =
      """
      package one;

      import org.daqstream.signal.api.*;
      import org.osgi.framework.*;

      public final class Activator implements BundleActivator {
        private SignalPort port;

        @Override
        public void start(BundleContext context) {
          SignalRegistry registry =
              context.getService(context.getServiceReference(SignalRegistry.class));
          port =
              registry.open(
                  SignalDescriptor.linearTime("SIGNAL/time", 1_000_000),
                  SignalDescriptor.value("SIGNAL", DataTypes.REAL64).build());
        }

        @Override
        public void stop(BundleContext context) {
          port.close();
        }
      }
      """;

  private OneSignalBundle() {}

  /** Builds the bundle that publishes this signal, and puts it in its place in one step. */
  static void write(Path jar, String signalId, Path work) throws IOException {
    Path built = Files.createTempFile(work, "one", ".jar");
    Path classFile = compile(signalId, Files.createTempDirectory(work, "one"));
    try (OutputStream file = Files.newOutputStream(built);
        JarOutputStream out = new JarOutputStream(file, manifest())) {
      out.putNextEntry(new JarEntry("one/Activator.class"));
      Files.copy(classFile, out);
      out.closeEntry();
    }
    Files.move(built, jar, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path compile(String signalId, Path folder) throws IOException {
    Path source = folder.resolve("Activator.java");
    Files.writeString(source, SOURCE.replace("SIGNAL", signalId), UTF_8);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int result =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-d",
            folder.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            source.toString());
    if (result != 0) {
      throw new AssertionError("the bundle does not compile");
    }
    return folder.resolve("one/Activator.class");
  }

  private static Manifest manifest() {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.putValue("Manifest-Version", "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", "one");
    attributes.putValue("Bundle-Activator", "one.Activator");
    attributes.putValue("Import-Package", "org.osgi.framework,org.daqstream.signal.api");
    return manifest;
  }
}
