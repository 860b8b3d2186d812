/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What comments and pages cite of the specifications in {@code docs}: {@code protocol section 3.2},
 * {@code section 4, row 28}, {@code streams §4.2}, {@code case 22}, {@code cases 32 to 37}, {@code
 * row 24}, {@code promise 1}. Without a name a citation is of the page it stands on, in the bundles
 * of streams of {@code streams.md}, and of {@code protocol.md} elsewhere.
 */
final class Citations {
  /** The pages that are cited. */
  enum Page {
    PROTOCOL,
    STREAMS,
    ARCHITECTURE;

    String file() {
      return "docs/" + name().toLowerCase(Locale.ROOT) + ".md";
    }

    /** What a citation without a name in this file is of. */
    static Page citedIn(String file) {
      for (Page page : values()) {
        if (file.endsWith(page.file())) {
          return page;
        }
      }
      return OF_STREAMS.matcher(file).matches() ? STREAMS : PROTOCOL;
    }
  }

  private static final Pattern HEADING = Pattern.compile("#{2,3} (\\d+(?:\\.\\d+)?) .*");
  private static final Pattern ITEM = Pattern.compile("(\\d+)\\. .*");
  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\|.*");

  /** Comments and texts, so that numbers in code are none. */
  private static final Pattern TEXT =
      Pattern.compile(
          "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])'"
              + "|/\\*.*?\\*/|//[^\\n]*(?:\\n\\s*//[^\\n]*)*",
          Pattern.DOTALL);

  /** Comments of scripts and of what runs in browsers; not the {@code //} of an address. */
  private static final Pattern COMMENT =
      Pattern.compile(
          "/\\*.*?\\*/|(?<![:\\S])(?://|#)[^\\n]*(?:\\n\\s*(?://|#)[^\\n]*)*", Pattern.DOTALL);

  private static final String SEPARATOR = ",? (?:and |to )?|, (?:and )?";
  private static final String NUMBERS = "\\d+(?:(?:" + SEPARATOR + ")\\d+\\b)*";
  private static final String SECTIONS =
      "\\d+(?:\\.\\d+)?(?:(?:" + SEPARATOR + "|; )\\d+(?:\\.\\d+)?\\b)*";
  private static final Pattern CITATION =
      Pattern.compile(
          "(?:(?<page>protocol|streams?|architecture|RFC \\d+),? )?"
              + "(?:(?:sections? |§)(?<section>"
              + SECTIONS
              + ")(?:,? (?:rows?|points?) (?<of>"
              + NUMBERS
              + "))?|cases? (?<case>"
              + NUMBERS
              + ")|(?:rows?|points?) (?<row>"
              + NUMBERS
              + ")|promises? (?<promise>"
              + NUMBERS
              + "))",
          Pattern.CASE_INSENSITIVE);

  /**
   * Where rows and promises are those of the documents. Elsewhere the words mean others, but for
   * rows behind their section.
   */
  private static final Pattern OF_SIGNALS =
      Pattern.compile(".*/server/src/test/.*|.*/protocol/src/main/.*");

  private static final Pattern OF_STREAMS =
      Pattern.compile(".*/(?:stream|transport)-[a-z]+/.*|.*/testing/.*/Stream.*");

  private final Map<Page, Set<String>> known = new EnumMap<>(Page.class);
  private final List<String> unknown = new ArrayList<>();
  private int count;

  /** Takes a page that is cited. */
  void readPage(Page page, List<String> lines) {
    Set<String> numbers = known.computeIfAbsent(page, key -> new HashSet<>());
    String part = "";
    for (String line : lines) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        numbers.add("section " + heading.group(1));
        part = line;
      }
      addNumber(numbers, ITEM, line, part.endsWith("cases") ? "case " : "");
      addNumber(numbers, ITEM, line, part.endsWith("promises") ? "promise " : "");
      addNumber(numbers, ROW, line, part.endsWith("differ") ? "row " : "");
    }
  }

  private static void addNumber(Set<String> numbers, Pattern form, String line, String kind) {
    Matcher number = form.matcher(line);
    if (!kind.isEmpty() && number.matches() && !numbers.add(kind + number.group(1))) {
      throw new IllegalArgumentException("twice: " + line);
    }
  }

  /** What a page has, as {@code case 7}. */
  Set<String> known(Page page) {
    return known.get(page);
  }

  /** The last number of a page that is a {@code "case "} or {@code "row "}. */
  int last(Page page, String kind) {
    return known(page).stream()
        .filter(each -> each.startsWith(kind))
        .mapToInt(each -> Integer.parseInt(each.substring(kind.length())))
        .max()
        .orElseThrow();
  }

  /** Takes a file of Java. */
  void readCode(String file, String code) {
    for (Matcher text = TEXT.matcher(code); text.find(); ) {
      if (!text.group().startsWith("\"\"\"")) {
        readLines(file, text.group());
      }
    }
  }

  /** Takes a file of another language. */
  void readScript(String file, String code) {
    for (Matcher text = COMMENT.matcher(code); text.find(); ) {
      readLines(file, text.group());
    }
  }

  /** Takes a page for readers; what stands there as code is an example. */
  void readProse(String file, String text) {
    readLines(file, text.replaceAll("`[^`\\n]*`", "`"));
  }

  private void readLines(String file, String text) {
    readText(file, Page.citedIn(file), text.replaceAll("\\s*\\n\\s*(?:\\*|//|#)?\\s*", " "));
  }

  private void readText(String file, Page page, String words) {
    for (Matcher citation = CITATION.matcher(words); citation.find(); ) {
      String name = citation.group("page");
      if (name != null && name.startsWith("RFC")) {
        continue;
      }
      Page cited = name == null ? page : pageOf(name);
      check(file, cited, "section ", citation.group("section"));
      check(file, cited, "row ", citation.group("of"));
      check(file, cited, "case ", citation.group("case"));
      if (OF_SIGNALS.matcher(file).matches()) {
        check(file, Page.PROTOCOL, "row ", citation.group("row"));
        check(file, Page.ARCHITECTURE, "promise ", citation.group("promise"));
      }
    }
  }

  private static Page pageOf(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return upper.startsWith("STREAM") ? Page.STREAMS : Page.valueOf(upper);
  }

  private void check(String file, Page page, String kind, String numbers) {
    if (numbers == null) {
      return;
    }
    for (Matcher number = Pattern.compile("\\d+(?:\\.\\d+)?").matcher(numbers); number.find(); ) {
      count++;
      if (!known.getOrDefault(page, Set.of()).contains(kind + number.group())) {
        unknown.add(file + " cites " + kind + number.group() + ", which is not in " + page.file());
      }
    }
  }

  /** Numbers that were cited. */
  int count() {
    return count;
  }

  /** What is cited and is not there, one sentence each. */
  List<String> unknown() {
    return unknown;
  }
}
