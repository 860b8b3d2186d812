/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.support;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.daqstream.base.support.Spelling;

/**
 * The keys that a component knows, with types, defaults, bounds and options from its metatype.
 *
 * @param renamed what keys are called now, by what they were: their descriptions end with {@code
 *     formerly NAME}
 */
record ConfigKeys(Map<String, ConfigKey> keys, Map<String, String> renamed) {
  private static final Pattern FORMERLY = Pattern.compile("\\bformerly (\\w+)$");

  /** Reads the metatype that the build made of a class with {@code @ObjectClassDefinition}. */
  static ConfigKeys of(Class<?> definition) {
    String resource = "OSGI-INF/metatype/" + definition.getName() + ".xml";
    try (InputStream file = definition.getClassLoader().getResourceAsStream(resource)) {
      if (file == null) {
        throw new IllegalStateException("there is no " + resource);
      }
      ConfigKeys keys = new ConfigKeys(new LinkedHashMap<>(), new HashMap<>());
      keys.read(XMLInputFactory.newDefaultFactory().createXMLStreamReader(file));
      return keys;
    } catch (IOException | XMLStreamException e) {
      throw new IllegalStateException("cannot read " + resource, e);
    }
  }

  private void read(XMLStreamReader reader) throws XMLStreamException {
    List<String> options = List.of();
    while (reader.hasNext()) {
      if (reader.next() != XMLStreamReader.START_ELEMENT) {
        continue;
      }
      if (reader.getLocalName().equals("AD")) {
        options = new ArrayList<>();
        String id = attribute(reader, "id");
        Matcher formerly = FORMERLY.matcher(attribute(reader, "description"));
        if (formerly.find()) {
          renamed.put(formerly.group(1), id);
        }
        keys.put(
            id,
            new ConfigKey(
                id,
                attribute(reader, "type"),
                attribute(reader, "default"),
                attribute(reader, "min"),
                attribute(reader, "max"),
                options));
      } else if (reader.getLocalName().equals("Option")) {
        options.add(attribute(reader, "value"));
      }
    }
  }

  private static String attribute(XMLStreamReader reader, String name) {
    String value = reader.getAttributeValue(null, name);
    return value == null ? "" : value;
  }

  ConfigKey get(String id) {
    ConfigKey key = keys.get(id);
    if (key == null) {
      throw new IllegalStateException("there is no key " + id + " in the metatype");
    }
    return key;
  }

  boolean contains(String id) {
    return keys.containsKey(id);
  }

  /** What a key that is not known was to be, or else what there is. */
  String hint(String unknown) {
    if (renamed.containsKey(unknown)) {
      return "it is called '" + renamed.get(unknown) + "' now";
    }
    String nearest = Spelling.nearest(unknown, keys.keySet());
    return nearest.isEmpty()
        ? "known are " + String.join(", ", keys.keySet())
        : "did you mean '" + nearest + "'?";
  }
}
