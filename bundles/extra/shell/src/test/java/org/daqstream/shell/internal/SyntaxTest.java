/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;

public class SyntaxTest {
  private final StubServices services = new StubServices();

  private Call seen;
  private final DeclaredCommand probe =
      new DeclaredCommand(
          "test:probe",
          "Probes.",
          Syntax.of("ONE", "[MORE...]")
              .next(words -> List.of("after " + words))
              .option("-n", "N", "a number")
              .flag("--all", "all")
              .json(),
          call -> seen = call);

  private String refused(String... arguments) {
    return assertThrows(CommandException.class, () -> services.run(probe, arguments)).getMessage();
  }

  @Test
  public void helpTellsUsageAndOptions() throws Exception {
    assertEquals(
        """
        usage: test:probe ONE [MORE...] [-n N] [--all] [--json]
        Probes.

          -n N    a number
          --all   all
          --json  one JSON document instead of a table
          --help  this text
        """,
        services.run(probe, "a", "--help"));
  }

  @Test
  public void optionsStandAnywhere() throws Exception {
    services.run(probe, "a", "-n", "7", "b", "--all");
    assertEquals(List.of("a", "b"), seen.words());
    assertEquals(7, seen.number("-n", 1, 1, 9));
    assertEquals(true, seen.has("--all"));
    assertEquals(false, seen.json());
  }

  @Test
  public void behindTwoDashesEverythingIsAWord() throws Exception {
    services.run(probe, "--", "-n", "--help");
    assertEquals(List.of("-n", "--help"), seen.words());
  }

  @Test
  public void errorsNameTheWordAndWhatIsAllowed() throws Exception {
    String usage = "; usage: test:probe ONE [MORE...] [-n N] [--all] [--json]";
    assertEquals("ONE is missing" + usage, refused());
    assertEquals("unknown option '--al'" + usage, refused("a", "--al"));
    assertEquals("-n needs a value: -n N, a number", refused("a", "-n"));
    services.run(probe, "a", "-n", "x");
    assertEquals(
        "-n 'x': allowed is a whole number from 1 to 9",
        assertThrows(CommandException.class, () -> seen.number("-n", 1, 1, 9)).getMessage());
    assertEquals(
        "-n 'x': allowed are seconds from 0 to 60",
        assertThrows(CommandException.class, () -> seen.milliseconds("-n", 1, 60_000))
            .getMessage());
  }

  @Test
  public void wordsAreCompletedByThoseBeforeAndOptionsByTheirNames() {
    assertEquals(List.of("after []"), probe.complete(List.of("")));
    assertEquals(List.of("after [a]"), probe.complete(List.of("a", "--all", "x")));
    assertEquals(List.of("after [a]"), probe.complete(List.of("-n", "7", "a", "")));
    assertEquals(List.of(), probe.complete(List.of("a", "-n", "")));
    assertEquals(List.of("-n", "--all", "--json", "--help"), probe.complete(List.of("a", "-")));
  }
}
