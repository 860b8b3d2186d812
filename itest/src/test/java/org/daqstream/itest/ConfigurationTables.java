/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The rules of what is configurable: every PID of a component has metatype, every key has a name, a
 * description and (numbers) bounds, and one table in the documentation has exactly these keys with
 * these defaults (for one without, what it means not to set it). The table is the first one with
 * the head {@code | key |} below a heading that has the PID in backticks, for a factory {@code
 * PID-<name>}.
 */
final class ConfigurationTables {
  private static final Set<String> NUMBERS =
      Set.of("Integer", "Long", "Short", "Byte", "Double", "Float");
  private static final Pattern HEADING =
      Pattern.compile("#+ .*`(org\\.daqstream\\.[a-z0-9.]+)(-<name>)?`.*");
  private static final Pattern QUOTED = Pattern.compile("`([^`]*)`");
  private static final int KEY_CELL = 1;
  private static final int DEFAULT_CELL = 2;

  private final List<String> violations = new ArrayList<>();
  private final Map<String, String> componentPids = new TreeMap<>();
  private final Map<String, Map<String, String>> defaults = new TreeMap<>();
  private final Map<String, Map<String, Map<String, String>>> tables = new TreeMap<>();

  /** Takes a component's description, {@code OSGI-INF/….xml}. */
  void readComponent(String bundle, Document component) {
    String pids = component.getDocumentElement().getAttribute("configuration-pid");
    for (Matcher pid = Pattern.compile("\\S+").matcher(pids); pid.find(); ) {
      componentPids.put(pid.group(), bundle);
    }
  }

  /** Takes a metatype document, {@code OSGI-INF/metatype/….xml}. */
  void readMetatype(String bundle, Document metatype) {
    Map<String, Element> classes = new LinkedHashMap<>();
    for (Element element : elements(metatype.getDocumentElement(), "OCD")) {
      classes.put(element.getAttribute("id"), element);
    }
    for (Element designate : elements(metatype.getDocumentElement(), "Designate")) {
      String pid = designate.getAttribute("pid") + designate.getAttribute("factoryPid");
      Element object = elements(designate, "Object").get(0);
      Element definition = classes.get(object.getAttribute("ocdref"));
      require(definition, "name", bundle + ", PID " + pid);
      require(definition, "description", bundle + ", PID " + pid);
      Map<String, String> keys = new LinkedHashMap<>();
      for (Element key : elements(definition, "AD")) {
        readKey(bundle + ", PID " + pid + ", key " + key.getAttribute("id"), key);
        keys.put(key.getAttribute("id"), key.getAttribute("default"));
      }
      defaults.put(pid, keys);
    }
  }

  private void readKey(String where, Element key) {
    require(key, "name", where);
    require(key, "description", where);
    if (NUMBERS.contains(key.getAttribute("type")) && elements(key, "Option").isEmpty()) {
      require(key, "min", where);
      require(key, "max", where);
    }
  }

  private void require(Element element, String attribute, String where) {
    if (element.getAttribute(attribute).isBlank()) {
      violations.add(
          where
              + " has no "
              + attribute
              + ": add it to the @"
              + (element.getTagName().equals("AD")
                  ? "AttributeDefinition"
                  : "ObjectClassDefinition"));
    }
  }

  private static List<Element> elements(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    NodeList nodes = parent.getElementsByTagName(name);
    for (int i = 0; i < nodes.getLength(); i++) {
      found.add((Element) nodes.item(i));
    }
    return found;
  }

  /** Takes a page of the documentation. */
  void readPage(String file, List<String> lines) {
    String pid = null;
    Map<String, String> table = null;
    for (String line : lines) {
      Matcher heading = HEADING.matcher(line);
      if (line.startsWith("#")) {
        pid = heading.matches() ? heading.group(1) : null;
        table = null;
      } else if (line.startsWith("| key |") && pid != null) {
        table = new LinkedHashMap<>();
        tables.computeIfAbsent(pid, key -> new TreeMap<>()).put(file, table);
        pid = null;
      } else if (table != null && line.startsWith("|")) {
        readRow(line, table);
      } else {
        table = null;
      }
    }
  }

  private static void readRow(String line, Map<String, String> table) {
    String[] cells = line.split("\\|", -1);
    for (Matcher key = QUOTED.matcher(cells[KEY_CELL]); key.find(); ) {
      table.put(key.group(1), cells[DEFAULT_CELL].strip());
    }
  }

  /** What is wrong, one sentence each; empty when nothing is. */
  Collection<String> violations() {
    List<String> all = new ArrayList<>(violations);
    componentPids.forEach(
        (pid, bundle) -> {
          if (!defaults.containsKey(pid)) {
            all.add(bundle + ", PID " + pid + " has no metatype: add @Designate to its component");
          }
        });
    defaults.forEach((pid, keys) -> all.addAll(compare(pid, keys)));
    Set<String> unknown = new TreeSet<>(tables.keySet());
    unknown.removeAll(defaults.keySet());
    unknown.forEach(
        pid ->
            all.add(
                tables.get(pid).keySet() + " has a table for " + pid + ", which no bundle has"));
    return all;
  }

  private List<String> compare(String pid, Map<String, String> keys) {
    Map<String, Map<String, String>> found = tables.getOrDefault(pid, Map.of());
    if (found.isEmpty()) {
      return List.of(
          "PID "
              + pid
              + " has no table: add to the README.md of its bundle a heading with `"
              + pid
              + "` (factory: `"
              + pid
              + "-<name>`) and below it\n"
              + expected(keys));
    }
    if (found.size() > 1) {
      return List.of("PID " + pid + " has a table in each of " + found.keySet() + ": keep one");
    }
    List<String> wrong = new ArrayList<>();
    found.forEach((file, table) -> wrong.addAll(compare(file, pid, keys, table)));
    return wrong;
  }

  private static List<String> compare(
      String file, String pid, Map<String, String> keys, Map<String, String> table) {
    List<String> wrong = new ArrayList<>();
    String where = file + ", table of " + pid;
    for (String key : keys.keySet()) {
      if (!table.containsKey(key)) {
        wrong.add(where + " misses the key: " + row(key, keys.get(key)));
      } else if (!keys.get(key).isEmpty() && !plain(table.get(key)).equals(plain(keys.get(key)))) {
        wrong.add(
            "%s: default of %s is '%s', not '%s'"
                .formatted(where, key, keys.get(key), table.get(key)));
      }
    }
    for (String key : table.keySet()) {
      if (!keys.containsKey(key)) {
        wrong.add(where + " has the key " + key + ", which the bundle has not");
      }
    }
    return wrong;
  }

  /** Without what makes a value readable: backticks, spaces, the word for no value, {@code 1.0}. */
  private static String plain(String value) {
    String plain = value.replaceAll("[`\\s]", "").replaceFirst("^(-?\\d+)\\.0$", "$1");
    return plain.equals("empty") ? "" : plain;
  }

  private static String expected(Map<String, String> keys) {
    return keys.entrySet().stream()
        .map(key -> row(key.getKey(), key.getValue()))
        .collect(Collectors.joining("\n", "| key | default | meaning |\n|---|---|---|\n", ""));
  }

  private static String row(String key, String value) {
    return "| `" + key + "` | " + (value.isEmpty() ? "empty" : value) + " | … |";
  }
}
