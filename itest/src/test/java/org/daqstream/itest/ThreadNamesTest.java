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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Test;

/** Who finds a thread in a dump finds it in the table of {@code docs/architecture.md}, too. */
public class ThreadNamesTest {
  private static final Pattern MAIN = Pattern.compile(".*/(bundles/.*|launcher)/src/main/java/.*");

  /** The first text in what makes a thread. */
  private static final Pattern MADE =
      Pattern.compile(
          "\\b(?:Worker|Worker[.]start|Worker[.]daemon|OrderedTasks|Outbox|NatsLink|\\w*Scheduler|Thread|super)"
              + "\\([^;\"]*\"((?:daqstream|stream)-[^\"]*)\"");

  private static final Pattern TABLE =
      Pattern.compile("## 5 Threads\\n(.*?)\\n## ", Pattern.DOTALL);

  private static final Pattern ROW = Pattern.compile("(?m)^\\|([^|]*)\\|");
  private static final Pattern NAME = Pattern.compile("`((?:daqstream|stream)-[^`]*)`");

  @Test
  public void everyThreadIsInTheTableAndNoOther() throws IOException {
    Map<String, String> made = new TreeMap<>();
    for (Path file : Repository.files(".java")) {
      if (MAIN.matcher(file.toString()).matches()) {
        made(Files.readString(file)).forEach(name -> made.put(name, file.toString()));
      }
    }
    Set<String> told =
        told(Files.readString(Repository.ROOT.resolve(Citations.Page.ARCHITECTURE.file())));
    assertTrue("found " + made.size(), made.size() > 30);
    Map<String, String> untold = new TreeMap<>(made);
    untold.keySet().removeAll(told);
    assertEquals("threads without a row in docs/architecture.md, section 5", Map.of(), untold);
    Set<String> gone = new TreeSet<>(told);
    gone.removeAll(made.keySet());
    assertEquals("rows of threads that nothing makes", Set.of(), gone);
  }

  private static Set<String> made(String code) {
    Set<String> names = new TreeSet<>();
    for (Matcher each = MADE.matcher(code); each.find(); ) {
      names.add(constant(each.group(1)));
    }
    return names;
  }

  /** But for what is put together by Jetty, and of the parts of a stream. */
  private static Set<String> told(String page) {
    Set<String> names = new TreeSet<>();
    Matcher table = TABLE.matcher(page);
    assertTrue(table.find());
    for (Matcher row = ROW.matcher(table.group(1)); row.find(); ) {
      for (Matcher name = NAME.matcher(row.group(1)); name.find(); ) {
        if (!name.group(1).matches("(daqstream|stream)-<.*")) {
          names.add(constant(name.group(1)));
        }
      }
    }
    return names;
  }

  /** The part of a name that is the same for all threads of a kind. */
  private static String constant(String name) {
    return name.replaceFirst("[ -]*(<.*)?$", "");
  }

  @Test
  public void namesAreFound() {
    assertEquals(
        Set.of("daqstream-a", "daqstream-b", "daqstream-c", "stream-d", "stream-e"),
        made(
            """
            Worker.start("daqstream-a", x);
            new OrderedTasks(
                "daqstream-b " + name, e -> LOG.error("daqstream-no"));
            super(work, "daqstream-c");
            Worker.daemon("stream-e", task).start();
            new Thread(task, "stream-d-" + x);
            Files.createTempDirectory("daqstream-files-");
            """));
    assertEquals(
        Set.of("daqstream-a", "daqstream-b", "stream-c"),
        told(
            """
            ## 5 Threads
            | name | owner |
            |---|---|
            | `daqstream-a`, `daqstream-b <name>` | `daqstream-no` |
            | for example `stream-c-<n>`, `main`, `daqstream-<n>` | x |

            ## 6 More
            | `daqstream-no` | x |
            """));
  }
}
