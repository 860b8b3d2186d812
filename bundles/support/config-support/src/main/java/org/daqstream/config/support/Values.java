/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.support;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.daqstream.base.support.ForeignText;

/**
 * The values of one configuration, read by the rule that holds for every component: white space at
 * both ends counts for nothing; an empty number, boolean or choice is one that is not set; what is
 * not set has its default; lists are separated by commas, and empty entries are left out.
 */
public final class Values {
  /**
   * The property that stands for all others when a file cannot be read: half a file is not the
   * defaults. Said already by who could not read it.
   */
  public static final String UNREADABLE = ".unreadable";

  /** What stands before the first key of some files, also when they are read as Latin 1. */
  private static final Pattern BYTE_ORDER_MARK = Pattern.compile("^(\uFEFF|\u00EF\u00BB\u00BF)");

  /** What the framework adds, and a comment behind a byte order mark. */
  private static final Pattern OF_OTHERS =
      Pattern.compile(
          "|[#.:].*|(service|component|osgi|felix|org[.]apache)[.].*"
              + "|.*[.](target|cardinality[.]minimum)",
          Pattern.DOTALL);

  private static final String FILE = "felix.fileinstall.filename";

  private final ConfigKeys keys;
  private final Map<String, Object> given = new HashMap<>();
  private final Set<String> unknown = new TreeSet<>();
  private final Optional<String> file;

  Values(ConfigKeys keys, Map<String, ?> properties) {
    this.keys = keys;
    file =
        Optional.ofNullable(properties.get(FILE))
            .map(uri -> uri.toString().replaceFirst("^file:", ""));
    properties.forEach(
        (spelt, value) -> {
          String key = strip(BYTE_ORDER_MARK.matcher(spelt).replaceFirst(""));
          if (keys.contains(key)) {
            given.merge(key, value, (one, other) -> properties.get(key));
          } else if (!OF_OTHERS.matcher(key).matches()) {
            unknown.add(key);
          }
        });
  }

  /**
   * {@return what tells a configuration of a factory from the others: what stands behind the PID in
   * the name of its file, or else in its own PID; empty without either}
   *
   * @param pid of the factory
   * @param properties from Configuration Admin
   */
  public static Optional<String> nameOf(String pid, Map<String, ?> properties) {
    Pattern name = Pattern.compile(Pattern.quote(pid) + "[-~.](.+?)(?:[.]cfg(?:[.]json)?)?$");
    return Stream.of(FILE, "service.pid")
        .map(key -> name.matcher(String.valueOf(properties.get(key))))
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .findFirst();
  }

  /** Values to read without a component around, for an annotation with the keys. */
  public static Values of(Class<?> definition, Map<String, ?> properties) {
    return new Values(ConfigKeys.of(definition), properties);
  }

  /** Also without what is invisible but no white space: no-break spaces and byte order marks. */
  static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF' || c == '\u200B';
  }

  Set<String> unknown() {
    return unknown;
  }

  /** The file that the values were read from; absent when they are from elsewhere. */
  public Optional<String> file() {
    return file;
  }

  /** Whether no key at all is set that the component knows. */
  public boolean isEmpty() {
    return given.isEmpty();
  }

  /** Whether a key is there with something behind it. */
  public boolean isSet(String key) {
    return entries(given.getOrDefault(keys.get(key).id(), "")).stream()
        .anyMatch(entry -> !strip(entry.toString()).isEmpty());
  }

  /** Whether a key is there, though maybe with nothing behind it. */
  public boolean isGiven(String key) {
    return given.containsKey(keys.get(key).id());
  }

  /** A boolean. */
  public boolean flag(String key) {
    return keys.get(key).flag(orDefault(key));
  }

  /** A whole number within the bounds of its key. */
  public int integer(String key) {
    return integer(key, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** A whole number within the bounds of its key, which other keys may make narrower. */
  public int integer(String key, int low, int high) {
    return (int) whole(key, low, high);
  }

  /** A whole number within the bounds of its key. */
  public long whole(String key) {
    return whole(key, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private long whole(String key, long low, long high) {
    ConfigKey known = keys.get(key);
    return known.whole(
        orDefault(key), Math.max(low, known.least(low)), Math.min(high, known.most(high)));
  }

  /** A number within the bounds of its key. */
  public double decimal(String key) {
    return keys.get(key).decimal(orDefault(key));
  }

  /** One of the options of its key, as the constant with its name in capitals. */
  public <E extends Enum<E>> E choice(String key, Class<E> choices) {
    String option = keys.get(key).text(orDefault(key));
    return Enum.valueOf(choices, option.toUpperCase(Locale.ROOT));
  }

  /** A text, which may be empty. */
  public String text(String key) {
    return isGiven(key) ? one(key) : keys.get(key).fallback();
  }

  /** A text with at least one and at most so many characters, none of them a control character. */
  public String text(String key, int limitChars) {
    String text = text(key);
    if (text.isEmpty() || text.length() > limitChars || !ForeignText.isPlain(text)) {
      throw new RefusedException(
          key, text, "must have 1 to " + limitChars + " characters and no control characters");
    }
    return text;
  }

  /** The entries of a list, each one of the options if its key has some. */
  public List<String> list(String key) {
    Object value = given.getOrDefault(keys.get(key).id(), keys.get(key).fallback());
    Collection<?> entries =
        isList(value) ? entries(value) : Arrays.asList(value.toString().split(","));
    return entries.stream()
        .map(entry -> strip(entry.toString()))
        .filter(entry -> !entry.isEmpty())
        .map(keys.get(key)::text)
        .toList();
  }

  private String orDefault(String key) {
    return isSet(key) ? one(key) : keys.get(key).fallback();
  }

  /** The value of a key that has one only. */
  private String one(String key) {
    Object value = given.get(keys.get(key).id());
    if (isList(value)) {
      throw new RefusedException(key, entries(value), "must be one value, not a list");
    }
    return strip(value.toString());
  }

  private static boolean isList(Object value) {
    return value instanceof Collection || value.getClass().isArray();
  }

  /** Those of a list; any other value is the only one. */
  private static Collection<?> entries(Object value) {
    if (value instanceof Collection<?> collection) {
      return collection;
    }
    return value.getClass().isArray()
        ? IntStream.range(0, Array.getLength(value)).mapToObj(i -> Array.get(value, i)).toList()
        : List.of(value);
  }
}
