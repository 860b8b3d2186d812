/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Relative links in pages of the documentation, and the anchors that they lead to. */
final class MarkdownLinks {
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)[^)]*\\)");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*?)(?: +#+)?");
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z][a-z0-9+.-]*:.*");
  private static final Pattern CODE = Pattern.compile("`[^`]*`");

  private final Map<Path, Set<String>> anchors = new HashMap<>();

  /** What is wrong with the links of a page, one sentence each. */
  List<String> dead(Path page) throws IOException {
    List<String> dead = new ArrayList<>();
    for (String line : outsideOfFences(page)) {
      for (Matcher link = LINK.matcher(CODE.matcher(line).replaceAll("")); link.find(); ) {
        if (!ELSEWHERE.matcher(link.group(1)).matches() && !isAlive(page, link.group(1))) {
          dead.add(page + " links to " + link.group(1) + ", which is not there");
        }
      }
    }
    return dead;
  }

  private boolean isAlive(Path page, String link) throws IOException {
    String[] parts = URLDecoder.decode(link, StandardCharsets.UTF_8).split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    if (!Files.exists(target)) {
      return false;
    }
    return parts.length < 2
        || !target.toString().endsWith(".md")
        || anchorsOf(target).contains(parts[1]);
  }

  /** The names that headings have, as the usual viewers make them. */
  private Set<String> anchorsOf(Path page) throws IOException {
    Set<String> names = anchors.get(page);
    if (names == null) {
      names = new HashSet<>();
      for (String line : outsideOfFences(page)) {
        Matcher heading = HEADING.matcher(line);
        if (heading.matches()) {
          String name = nameOf(heading.group(1));
          int next = 1;
          for (String free = name; !names.add(free); next++) {
            free = name + "-" + next;
          }
        }
      }
      anchors.put(page, names);
    }
    return names;
  }

  private static String nameOf(String heading) {
    return heading
        .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }

  private static List<String> outsideOfFences(Path page) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean fenced = false;
    for (String line : Files.readAllLines(page)) {
      if (line.strip().startsWith("```")) {
        fenced = !fenced;
      } else if (!fenced) {
        lines.add(line);
      }
    }
    return lines;
  }
}
