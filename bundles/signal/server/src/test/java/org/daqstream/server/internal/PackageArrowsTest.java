/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Test;

/** The packages of the server know each other in one direction only. */
public class PackageArrowsTest {
  /** Each knows those before it. */
  private static final List<String> PACKAGES =
      List.of("access", "log", "derive", "fanout", "web", "start");

  private static final String ROOT = "org.daqstream.server.internal";
  private static final Path SOURCES = Path.of("src/main/java", ROOT.split("[.]"));

  /** In an import or spelled out; what is of the root itself has an empty name. */
  private static final Pattern MENTIONED =
      Pattern.compile(Pattern.quote(ROOT) + "[.](?:([a-z_]+)[.])?[A-Z*]\\w*");

  @Test
  public void noArrowPointsBack() throws IOException {
    List<String> wrong = new ArrayList<>();
    int arrows = 0;
    for (Path source : sources()) {
      Matcher mentioned = MENTIONED.matcher(Files.readString(source));
      while (mentioned.find()) {
        arrows++;
        if (pointsBack(packageOf(source), String.valueOf(mentioned.group(1)))) {
          wrong.add(SOURCES.relativize(source) + " mentions " + mentioned.group());
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue("there are arrows to look at: " + arrows, arrows > 50);
  }

  @Test
  public void everyClassIsInOneOfThePackages() throws IOException {
    for (Path source : sources()) {
      assertTrue(source.toString(), PACKAGES.contains(packageOf(source)));
    }
  }

  @Test
  public void anArrowBackIsSeen() {
    assertTrue(pointsBack("log", "fanout"));
    assertTrue(pointsBack("web", "start"));
    assertTrue("a package without a place", pointsBack("start", "tools"));
    assertTrue(pointsBack("log", "null"));
  }

  private static boolean pointsBack(String from, String to) {
    return !PACKAGES.subList(0, PACKAGES.indexOf(from) + 1).contains(to);
  }

  private static String packageOf(Path source) {
    return SOURCES.relativize(source).getName(0).toString();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
