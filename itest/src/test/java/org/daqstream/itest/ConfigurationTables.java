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
import java.util.stream.Stream;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The rules of what is configurable: every PID of a component has metatype, every key has a name, a
 * description and (numbers) bounds, and one table in the documentation has exactly these keys with
 * these defaults (for one without, what it means not to set it) and a column "allowed" that has the
 * bounds of numbers and all options of a choice. The table is the first one with the head {@code |
 * key |} below a heading that has the PID in backticks, for a factory {@code PID-<name>}. Sample
 * files show every key, with a value that is allowed; bounds in the line above one are its own.
 */
final class ConfigurationTables {
  private static final Set<String> NUMBERS =
      Set.of("Integer", "Long", "Short", "Byte", "Double", "Float");
  private static final Pattern HEADING =
      Pattern.compile("#+ .*`(org\\.daqstream\\.[a-z0-9.]+)(-<name>)?`.*");
  private static final Pattern QUOTED = Pattern.compile("`([^`]*)`");
  private static final Pattern SAMPLE =
      Pattern.compile("(org\\.daqstream\\.[a-z0-9.]+?)(-\\w+)?\\.cfg(\\.sample)?");
  private static final Pattern SAMPLE_LINE = Pattern.compile("(?:# )?([\\w.]+) = ?(.*)");
  private static final Pattern SAMPLE_BOUNDS =
      Pattern.compile("# .*?(-?\\d[\\d.]* to -?\\d[\\d.]*\\d).*");
  private static final int KEY_CELL = 1;
  private static final int DEFAULT_CELL = 2;

  /**
   * What metatype has of a key; {@code allowed} is empty when it names neither bounds nor choices.
   */
  private record Key(String preset, String allowed) {
    static Key of(Element attribute) {
      String min = plain(attribute.getAttribute("min"));
      String max = plain(attribute.getAttribute("max"));
      boolean number = NUMBERS.contains(attribute.getAttribute("type"));
      boolean bounded = number && !min.isEmpty() && !max.isEmpty();
      String options =
          elements(attribute, "Option").stream()
              .map(option -> option.getAttribute("value"))
              .collect(Collectors.joining(", "));
      return new Key(attribute.getAttribute("default"), bounded ? min + " to " + max : options);
    }

    /** Whether a value is within the bounds, or one of the choices. */
    boolean takes(String value) {
      if (value.isEmpty() || allowed.isEmpty()) {
        return true;
      }
      String[] bounds = allowed.split(" to ", -1);
      if (bounds.length < 2) {
        List<String> options = List.of(allowed.split(", ", -1));
        return Stream.of(value.split(",", -1)).map(String::strip).allMatch(options::contains);
      }
      double number = Double.parseDouble(value);
      return number >= Double.parseDouble(bounds[0]) && number <= Double.parseDouble(bounds[1]);
    }

    /** Whether a cell says the same. */
    boolean allows(String cell) {
      return allowed.isEmpty() || plain(cell).equals(plain(allowed));
    }
  }

  /** What a row of a table says; {@code allowed} is null without that column. */
  private record Row(String preset, String allowed) {}

  private final List<String> violations = new ArrayList<>();
  private final Map<String, String> componentPids = new TreeMap<>();
  private final Map<String, Map<String, Key>> defaults = new TreeMap<>();
  private final Map<String, Map<String, Map<String, Row>>> tables = new TreeMap<>();
  private final Map<String, List<String>> samples = new TreeMap<>();

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
      Map<String, Key> keys = new LinkedHashMap<>();
      for (Element key : elements(definition, "AD")) {
        readKey(bundle + ", PID " + pid + ", key " + key.getAttribute("id"), key);
        keys.put(key.getAttribute("id"), Key.of(key));
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
    Map<String, Row> table = null;
    int allowedCell = 0;
    for (String line : lines) {
      Matcher heading = HEADING.matcher(line);
      if (line.startsWith("#")) {
        pid = heading.matches() ? heading.group(1) : null;
        table = null;
      } else if (line.startsWith("| key |") && pid != null) {
        table = new LinkedHashMap<>();
        allowedCell = List.of(line.split(" *\\| *", -1)).indexOf("allowed");
        tables.computeIfAbsent(pid, key -> new TreeMap<>()).put(file, table);
        pid = null;
      } else if (table != null && line.startsWith("|")) {
        readRow(line, allowedCell, table);
      } else {
        table = null;
      }
    }
  }

  private static void readRow(String line, int allowedCell, Map<String, Row> table) {
    String[] cells = line.split("\\|", -1);
    String allowed = allowedCell < 0 ? null : cells[allowedCell].strip();
    for (Matcher key = QUOTED.matcher(cells[KEY_CELL]); key.find(); ) {
      table.put(key.group(1), new Row(cells[DEFAULT_CELL].strip(), allowed));
    }
  }

  /** Takes a file that users begin with. */
  void readSample(String file, List<String> lines) {
    samples.put(file, lines);
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
    samples.forEach((file, lines) -> all.addAll(compareSample(file, lines)));
    Set<String> unknown = new TreeSet<>(tables.keySet());
    unknown.removeAll(defaults.keySet());
    unknown.forEach(
        pid ->
            all.add(
                tables.get(pid).keySet() + " has a table for " + pid + ", which no bundle has"));
    return all;
  }

  /** Every key is shown, and one that is commented out with its default if it has one. */
  private List<String> compareSample(String file, List<String> lines) {
    Matcher name = SAMPLE.matcher(file);
    Map<String, Key> keys = name.matches() ? defaults.get(name.group(1)) : null;
    if (keys == null) {
      return List.of(file + " is for no PID of a bundle");
    }
    List<String> wrong = new ArrayList<>();
    Set<String> missing = new TreeSet<>(keys.keySet());
    String above = "";
    for (String line : lines) {
      Matcher shown = SAMPLE_LINE.matcher(line);
      Matcher bounds = SAMPLE_BOUNDS.matcher(above);
      above = line;
      if (!shown.matches()) {
        continue;
      }
      Key key = keys.get(shown.group(1));
      missing.remove(shown.group(1));
      if (key == null) {
        wrong.add(file + " has the key " + shown.group(1) + ", which the bundle has not");
      } else if (line.startsWith("#")
          && !key.preset.isEmpty()
          && !plain(shown.group(2)).equals(plain(key.preset))) {
        wrong.add(
            "%s: default of %s is '%s', not '%s'"
                .formatted(file, shown.group(1), key.preset, shown.group(2)));
      } else if (!key.takes(shown.group(2))) {
        wrong.add(
            "%s: %s = %s is not allowed, %s is"
                .formatted(file, shown.group(1), shown.group(2), key.allowed));
      }
      if (key != null && bounds.matches() && !key.allows(bounds.group(1))) {
        wrong.add(
            "%s: allowed of %s is '%s', not '%s'"
                .formatted(file, shown.group(1), key.allowed, bounds.group(1)));
      }
    }
    missing.forEach(key -> wrong.add(file + " does not show the key " + key));
    return wrong;
  }

  private List<String> compare(String pid, Map<String, Key> keys) {
    Map<String, Map<String, Row>> found = tables.getOrDefault(pid, Map.of());
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
      String file, String pid, Map<String, Key> keys, Map<String, Row> table) {
    List<String> wrong = new ArrayList<>();
    String where = file + ", table of " + pid;
    if (table.values().stream().anyMatch(row -> row.allowed == null)) {
      wrong.add(where + " has no column 'allowed'");
    }
    keys.forEach(
        (name, key) -> {
          Row row = table.get(name);
          if (row == null) {
            wrong.add(where + " misses the key: " + row(name, key));
            return;
          }
          if (!key.preset.isEmpty() && !plain(row.preset).equals(plain(key.preset))) {
            wrong.add(
                "%s: default of %s is '%s', not '%s'"
                    .formatted(where, name, key.preset, row.preset));
          }
          if (row.allowed != null && !key.allows(row.allowed)) {
            wrong.add(
                "%s: allowed of %s is '%s', not '%s'"
                    .formatted(where, name, key.allowed, row.allowed));
          }
        });
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

  private static String expected(Map<String, Key> keys) {
    return keys.entrySet().stream()
        .map(key -> row(key.getKey(), key.getValue()))
        .collect(
            Collectors.joining(
                "\n", "| key | default | allowed | meaning |\n|---|---|---|---|\n", ""));
  }

  private static String row(String name, Key key) {
    return "| `%s` | %s | %s | … |"
        .formatted(name, key.preset.isEmpty() ? "empty" : key.preset, key.allowed);
  }
}
