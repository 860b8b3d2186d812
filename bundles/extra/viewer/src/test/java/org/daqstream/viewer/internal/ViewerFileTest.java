/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.viewer.internal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.Test;

/** The files as built: what they weigh, and what they tell a browser to allow and to keep. */
public class ViewerFileTest {
  private static final int LIMIT_BYTES = 300_000;
  private final Map<String, ViewerFile> files = ViewerFile.all();

  @Test
  public void allFilesTogetherAreSmall() {
    int bytes = files.values().stream().mapToInt(file -> file.gzippedBody().length).sum();
    assertTrue(bytes + " bytes compressed", bytes < LIMIT_BYTES);
  }

  @Test
  public void compressedFilesAreTheFiles() throws Exception {
    for (ViewerFile file : files.values()) {
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file.gzippedBody()))) {
        assertArrayEquals(file.body(), in.readAllBytes());
      }
    }
  }

  @Test
  public void pageHasNoScriptOfItsOwnAndAsksForFilesThatAreThere() {
    String page = new String(files.get("/").body(), StandardCharsets.UTF_8);
    assertFalse(page, Pattern.compile("\\son\\w+=").matcher(page).find());
    assertFalse(page, page.contains("style="));
    Matcher script = Pattern.compile("<script([^>]*)>([^<]*)").matcher(page);
    while (script.find()) {
      assertTrue(script.group(1), script.group(1).contains("src="));
      assertEquals("", script.group(2));
    }
    Matcher asked = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page);
    while (asked.find()) {
      boolean isServers = asked.group(1).equals("/login"); // a link, nothing that is asked for
      assertTrue(asked.group(1), isServers || files.containsKey(asked.group(1)));
    }
  }

  @Test
  public void onlyThePageItselfIsAskedForAgain() {
    files.forEach(
        (path, file) -> {
          Map<String, String> headers = file.headers();
          String caching = headers.get("Cache-Control");
          assertEquals(path, path.equals("/"), caching.equals("no-cache"));
          assertEquals(path, !path.equals("/"), caching.endsWith("immutable"));
          assertEquals("nosniff", headers.get("X-Content-Type-Options"));
          String policy = headers.get("Content-Security-Policy");
          assertTrue(policy, policy.startsWith("default-src 'none'; script-src 'self';"));
          assertFalse(policy, policy.contains("unsafe"));
        });
  }
}
