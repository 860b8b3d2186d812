/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.daqstream.recording.api.RecordingFormat;

/**
 * Formats of recordings that plug-ins bring. A runtime gets them as services; here, where there is
 * none, what bundles say of their components tells which classes they are.
 */
final class PluginFormats {
  private static final String COMPONENTS = "Service-Component";

  private PluginFormats() {}

  /**
   * Those of the bundles in some folders, by the endings of their files.
   *
   * @param problem is told of bundles that cannot be read
   */
  static Map<String, Supplier<RecordingFormat>> of(List<Path> folders, Consumer<String> problem) {
    Map<String, Supplier<RecordingFormat>> formats = new TreeMap<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        continue;
      }
      try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
        for (Path jar : jars) {
          classes(jar, problem)
              .forEach((ending, name) -> formats.putIfAbsent(ending, () -> load(jar, name)));
        }
      } catch (IOException e) {
        problem.accept(folder + " cannot be read: " + e.getMessage());
      }
    }
    return formats;
  }

  /** The classes of formats in a bundle, by endings. */
  private static Map<String, String> classes(Path jar, Consumer<String> problem) {
    Map<String, String> classes = new LinkedHashMap<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      String components =
          file.getManifest() == null
              ? null
              : file.getManifest().getMainAttributes().getValue(COMPONENTS);
      for (String name : components == null ? new String[0] : components.split("\\s*,\\s*", -1)) {
        ZipEntry entry = file.getEntry(name);
        if (entry != null) {
          try (InputStream in = file.getInputStream(entry)) {
            component(in, classes);
          }
        }
      }
    } catch (IOException | XMLStreamException e) {
      problem.accept(jar + " cannot be read: " + e.getMessage());
    }
    return classes;
  }

  /** Takes the class of a component that is a format. */
  private static void component(InputStream in, Map<String, String> classes)
      throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newInstance();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    XMLStreamReader xml = factory.createXMLStreamReader(in);
    String endings = "";
    String name = null;
    boolean isFormat = false;
    while (xml.hasNext()) {
      if (xml.next() != XMLStreamConstants.START_ELEMENT) {
        continue;
      }
      switch (xml.getLocalName()) {
        case "implementation" -> name = xml.getAttributeValue(null, "class");
        case "provide" ->
            isFormat |=
                RecordingFormat.class.getName().equals(xml.getAttributeValue(null, "interface"));
        case "property" -> {
          if (RecordingFormat.RECORDING_FORMAT.equals(xml.getAttributeValue(null, "name"))) {
            String value = xml.getAttributeValue(null, "value");
            endings = value == null ? xml.getElementText() : value; // several are on lines
          }
        }
        default -> {}
      }
    }
    for (String ending : endings.strip().split("\\s+", -1)) {
      if (isFormat && name != null && !ending.isEmpty()) {
        classes.putIfAbsent(ending, name);
      }
    }
  }

  private static RecordingFormat load(Path jar, String name) {
    try {
      URL[] urls = {jar.toUri().toURL()};
      // Stays open: its classes are loaded when they are needed.
      ClassLoader loader = new URLClassLoader(urls, PluginFormats.class.getClassLoader());
      return Class.forName(name, true, loader)
          .asSubclass(RecordingFormat.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | LinkageError | ClassCastException | IOException e) {
      throw new CliException(
          Daqstream.FAILED, "the format in " + jar + " cannot be used here: " + e);
    }
  }
}
