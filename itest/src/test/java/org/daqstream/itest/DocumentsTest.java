/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.daqstream.itest.Citations.Page;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the code cites is in the documents, and what the documents link to is there. */
public class DocumentsTest {
  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private final Citations citations = new Citations();

  @Test
  public void everythingCitedIsThere() throws IOException {
    readPages();
    for (Path file : Repository.files(".java")) {
      if (!file.endsWith("DocumentsTest.java")) { // which has wrong ones
        citations.readCode(file.toString(), Files.readString(file));
      }
    }
    for (String ending : List.of(".ts", ".mjs", ".js", ".py", ".sh")) {
      for (Path file : Repository.files(ending)) {
        citations.readScript(file.toString(), Files.readString(file));
      }
    }
    for (Path file : Repository.files(".md")) {
      citations.readProse(file.toString(), Files.readString(file));
    }
    assertEquals("", String.join("\n", citations.unknown()));
    assertTrue("citations found: " + citations.count(), citations.count() > 300);
  }

  @Test
  public void casesAreNumberedWithoutAGap() throws IOException {
    readPages();
    assertNoGap(Page.PROTOCOL, "case ");
    assertNoGap(Page.PROTOCOL, "row ");
    assertNoGap(Page.STREAMS, "case ");
  }

  private void assertNoGap(Page page, String kind) {
    List<String> missing = new ArrayList<>(numbers(kind, citations.last(page, kind)));
    missing.removeAll(citations.known(page));
    assertEquals(page.file(), List.of(), missing);
  }

  private void readPages() throws IOException {
    for (Page page : Page.values()) {
      citations.readPage(page, Files.readAllLines(Repository.ROOT.resolve(page.file())));
    }
  }

  private static List<String> numbers(String kind, int last) {
    return IntStream.rangeClosed(1, last).mapToObj(number -> kind + number).toList();
  }

  @Test
  public void noLinkIsDead() throws IOException {
    MarkdownLinks links = new MarkdownLinks();
    List<String> dead = new ArrayList<>();
    for (Path page : Repository.files(".md")) {
      dead.addAll(links.dead(page));
    }
    assertEquals("", String.join("\n", dead));
  }

  @Test
  public void everyModuleSaysWhatItIs() throws IOException {
    List<Path> silent =
        Repository.files("pom.xml").stream()
            .map(Path::getParent)
            .filter(module -> module.toString().matches(".*/bundles/[^/]+/[^/]+"))
            .filter(module -> Files.notExists(module.resolve("README.md")))
            .toList();
    assertEquals("modules without README.md", List.of(), silent);
  }

  @Test
  public void everyPackageSaysWhatLivesThere() throws IOException {
    Map<Path, Set<String>> packages = new TreeMap<>();
    for (Path file : Repository.files(".java")) {
      if (file.toString().matches(".*/src/(main|test)/java/.*") && !isOfTestsBesideCode(file)) {
        packages
            .computeIfAbsent(file.getParent(), key -> new TreeSet<>())
            .add(file.getFileName().toString());
      }
    }
    List<Path> silent =
        packages.entrySet().stream()
            .filter(each -> each.getValue().size() > 1)
            .filter(each -> !each.getValue().contains("package-info.java"))
            .map(Map.Entry::getKey)
            .toList();
    assertEquals("packages of several classes without package-info.java", List.of(), silent);
  }

  /** They share the package of what they test. */
  private static boolean isOfTestsBesideCode(Path file) {
    return file.toString().matches(".*/(bundles|launcher)/.*src/test/.*");
  }

  @Test
  public void wrongCitationsAreFound() {
    citations.readPage(
        Page.PROTOCOL,
        List.of(
            "### 1.3 Header",
            "## 4 Where peers differ",
            "| 3 | x |",
            "## 6 Test cases",
            "7. Given"));
    citations.readPage(Page.STREAMS, List.of("### 4.2 Wire", "## 9 Test cases", "22. Given"));
    citations.readPage(Page.ARCHITECTURE, List.of("## 1 Its promises", "1. Exact"));
    citations.readCode(
        "bundles/signal/server/src/test/X.java",
        """
        /**
         * Fine (protocol
         * sections 1.3), RFC 6455 section 9.9, streams §4.2, case 7, promise 1. Not: protocol
         * sections 1.3 and 1.4.
         */
        void x() { // cases 7 to 9, row 3, row 4
          switch (i) { case 5: return "section 8"; case 6 -> }
        """);
    citations.readCode("bundles/api/stream-api/src/X.java", "// case 22, row 99, §4.2, §5, case 7");
    citations.readCode(
        "bundles/signal/client/src/X.java",
        "/** Section 4, row 3; section 4, rows 3 and\n"
            + " * 99; sections 1.3 and 4, point 98. Row 5. */");
    citations.readScript(
        "ui/x.ts", "/** Fine (protocol section 1.3). */ x(); // protocol section 2.99. Row 9");
    citations.readScript("x.py", "# protocol\n# section 2.97\n'section 2.96'");
    citations.readProse("README.md", "All of it (protocol section 1.3, streams section 2.98).");
    citations.readProse("docs/streams.md", "As in case 22 and in case 23.");
    assertEquals(
        List.of(
            "bundles/signal/server/src/test/X.java cites section 1.4, which is not in"
                + " docs/protocol.md",
            "bundles/signal/server/src/test/X.java cites case 9, which is not in docs/protocol.md",
            "bundles/signal/server/src/test/X.java cites row 4, which is not in docs/protocol.md",
            "bundles/signal/server/src/test/X.java cites section 8, which is not in"
                + " docs/protocol.md",
            "bundles/api/stream-api/src/X.java cites section 5, which is not in docs/streams.md",
            "bundles/api/stream-api/src/X.java cites case 7, which is not in docs/streams.md",
            "bundles/signal/client/src/X.java cites row 99, which is not in docs/protocol.md",
            "bundles/signal/client/src/X.java cites row 98, which is not in docs/protocol.md",
            "ui/x.ts cites section 2.99, which is not in docs/protocol.md",
            "x.py cites section 2.97, which is not in docs/protocol.md",
            "README.md cites section 2.98, which is not in docs/streams.md",
            "docs/streams.md cites case 23, which is not in docs/streams.md"),
        citations.unknown());
  }

  @Test
  public void deadLinksAreFound() throws IOException {
    Path page = folder.getRoot().toPath().resolve("a.md");
    Files.writeString(
        page,
        """
        # One `two`, three
        ## Twice
        ## Twice
        [ok](#one-two-three) [ok](a.md#twice-1) [ok](https://example.org/x) `[code](no.md)`
        [gone](b.md) and [gone](#four) and [gone](a.md#twice-2)
        ```
        [code](no.md)
        ```
        """);
    assertEquals(
        List.of(
            page + " links to b.md, which is not there",
            page + " links to #four, which is not there",
            page + " links to a.md#twice-2, which is not there"),
        new MarkdownLinks().dead(page));
  }
}
