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
import org.daqstream.itest.Citations.Page;
import org.junit.Test;

/**
 * Each of the numbered cases of {@code docs/protocol.md} and {@code docs/streams.md} has a test
 * that says so behind its name or in its first line: {@code // case 22}, {@code // cases 36, 37} or
 * {@code // cases 32 to 37}. Which ones is written to {@code target/cases.md}.
 */
public class CasesTest {
  private static final Path TABLE = Path.of("target/cases.md");

  /** What every transport is held against. */
  private static final Pattern CONTRACT =
      Pattern.compile(".*/testing/src/main/.*/Stream\\w*Contract\\.java");

  private static final Pattern OF_STREAMS =
      Pattern.compile(".*/(stream|transport)-[a-z]+/src/test/.*|" + CONTRACT.pattern());
  private static final Pattern TEST =
      Pattern.compile("@Test(?:\\([^)]*\\))?\\s+public void (\\w+)\\(\\)[^{]*\\{\\s*// ([^\\n]*)");
  private static final Pattern CASES =
      Pattern.compile("(?<!see )\\bcases? (\\d+(?:(?:, | to )\\d+)*)");
  private static final Pattern RANGE = Pattern.compile("(\\d+)(?: to (\\d+))?");

  private final SortedMap<Integer, SortedSet<String>> protocol = new TreeMap<>();
  private final SortedMap<Integer, SortedSet<String>> streams = new TreeMap<>();

  @Test
  public void everyNumberedCaseHasATest() throws IOException {
    for (Path file : Repository.files(".java")) {
      boolean isTest =
          file.toString().contains("/src/test/") || CONTRACT.matcher(file.toString()).matches();
      if (isTest && !file.endsWith("CasesTest.java")) {
        boolean ofStreams = OF_STREAMS.matcher(file.toString()).matches();
        String name = file.getFileName().toString().replace(".java", "");
        find(Files.readString(file), name, ofStreams ? streams : protocol);
      }
    }
    Files.createDirectories(TABLE.getParent());
    Files.writeString(TABLE, table("protocol", protocol) + table("streams", streams));
    assertAllTested(Page.PROTOCOL, protocol);
    assertAllTested(Page.STREAMS, streams);
  }

  private static void assertAllTested(Page page, SortedMap<Integer, SortedSet<String>> tests)
      throws IOException {
    Citations citations = new Citations();
    citations.readPage(page, Files.readAllLines(Repository.ROOT.resolve(page.file())));
    assertEquals(
        "cases of " + page.file() + " with a test",
        IntStream.rangeClosed(1, citations.last(page, "case ")).boxed().toList(),
        List.copyOf(tests.keySet()));
  }

  @Test
  public void numbersAndRangesAreUnderstood() {
    find(
        """
          @Test
          public void one() throws Exception { // case 7, with sockets
          }
          @Test(timeout = 5)
          public void many() { // cases 1, 3 to 5
          }
          @Test
          public void below() {
            // section 1.3, case 6
          }
          @Test
          public void none() { // see case 9
          }
          public void noTest() { // case 10
          }
        """,
        "T",
        protocol);
    assertEquals(
        "{1=[T.many], 3=[T.many], 4=[T.many], 5=[T.many], 6=[T.below], 7=[T.one]}",
        protocol.toString());
  }

  private static void find(String source, String name, SortedMap<Integer, SortedSet<String>> into) {
    for (Matcher test = TEST.matcher(source); test.find(); ) {
      for (Matcher cases = CASES.matcher(test.group(2)); cases.find(); ) {
        for (Matcher range = RANGE.matcher(cases.group(1)); range.find(); ) {
          int first = Integer.parseInt(range.group(1));
          int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
          for (int number = first; number <= last; number++) {
            into.computeIfAbsent(number, key -> new TreeSet<>()).add(name + "." + test.group(1));
          }
        }
      }
    }
  }

  private static String table(String of, SortedMap<Integer, SortedSet<String>> tests) {
    return tests.entrySet().stream()
        .map(
            entry -> "| %d | %s |%n".formatted(entry.getKey(), String.join(", ", entry.getValue())))
        .collect(Collectors.joining("", "%n| case of %s | tests |%n|---|---|%n".formatted(of), ""));
  }
}
