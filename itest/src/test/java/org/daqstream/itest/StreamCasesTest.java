/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.Test;

/**
 * Each of the 94 numbered cases of EVP streams has a test that says so behind its name: {@code //
 * case 22}, {@code // cases 36, 37} or {@code // cases 32 to 37}. Which ones is written to {@code
 * target/stream-cases.md}.
 */
public class StreamCasesTest {
  private static final int CASES = 94;
  private static final Path BUNDLES = Path.of("../bundles");
  private static final Path TABLE = Path.of("target/stream-cases.md");

  private static final Pattern TEST =
      Pattern.compile(
          "@Test(?:\\([^)]*\\))?\\s+public void (\\w+)\\(\\)[^{\\n]*\\{ // cases? (\\d+(?:(?:, |"
              + " to )\\d+)*)");
  private static final Pattern RANGE = Pattern.compile("(\\d+)(?: to (\\d+))?");

  @Test
  public void everyNumberedCaseHasATest() throws IOException {
    SortedMap<Integer, SortedSet<String>> tests = new TreeMap<>();
    for (Path source : sources()) {
      String name = source.getFileName().toString().replace(".java", "");
      find(Files.readString(source), name, tests);
    }
    Files.createDirectories(TABLE.getParent());
    Files.writeString(TABLE, table(tests));
    assertEquals(
        "cases with a test",
        IntStream.rangeClosed(1, CASES).boxed().toList(),
        List.copyOf(tests.keySet()));
  }

  @Test
  public void numbersAndRangesAreUnderstood() {
    SortedMap<Integer, SortedSet<String>> tests = new TreeMap<>();
    find(
        """
          @Test
          public void one() throws Exception { // case 7, with sockets
          }
          @Test(timeout = 5)
          public void many() { // cases 1, 3 to 5
          }
          @Test
          public void none() { // see case 9
          }
          public void noTest() { // case 10
          }
        """,
        "T",
        tests);
    assertEquals("{1=[T.many], 3=[T.many], 4=[T.many], 5=[T.many], 7=[T.one]}", tests.toString());
  }

  private static void find(String source, String name, SortedMap<Integer, SortedSet<String>> into) {
    Matcher test = TEST.matcher(source);
    while (test.find()) {
      Matcher range = RANGE.matcher(test.group(2));
      while (range.find()) {
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        for (int number = first; number <= last; number++) {
          into.computeIfAbsent(number, key -> new TreeSet<>()).add(name + "." + test.group(1));
        }
      }
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(BUNDLES)) {
      return files
          .filter(
              file -> file.toString().matches(".*/(stream|transport)-.*/src/test/.*Test\\.java"))
          .sorted()
          .toList();
    }
  }

  private static String table(SortedMap<Integer, SortedSet<String>> tests) {
    return tests.entrySet().stream()
        .map(
            entry -> "| %d | %s |%n".formatted(entry.getKey(), String.join(", ", entry.getValue())))
        .collect(Collectors.joining("", "| case | tests |%n|---|---|%n".formatted(), ""));
  }
}
