/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.daqstream.testing.Needs;
import org.junit.Test;

/** That shells complete the command line of the launcher. */
public class CompletionIT {
  private static final Path SCRIPT = Distribution.FOLDER.resolve("completion/daqstream.bash");

  /**
   * Types each of the lines $2... in a terminal of its own, where completion is set up as the
   * README tells and the command prints its words, and prints what that printed.
   */
  private static final String TYPED =
      """
      zmodload zsh/zpty
      typeset -F SECONDS
      await() { # await <pattern>: what came until then
        local all='' got
        local -F end=$((SECONDS + 20))
        while (( SECONDS < end )); do
          if zpty -r -t terminal got; then
            all+=$got
            [[ $all == *$~1* ]] && { print -r -- $all; return; }
          else
            sleep 0.02
          fi
        done
        print -r -- "no $1 in: $all" >&2
        exit 1
      }
      zpty -b terminal "PS1='> ' TERM=dumb zsh -f -i"
      zpty -w terminal "autoload -U compinit && compinit -u -D"
      zpty -w terminal ". '$1'"
      zpty -w terminal 'daqstream() { print -r -- "words:<$*>" }; print now''ready'
      await nowready > /dev/null
      for line in ${@:2}; do
        zpty -w -n terminal $line$'\t\r'
        await '\nwords:<*>' | grep -o '^words:<.*>'
      done
      """;

  private static List<String> output(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
  }

  @Test
  public void bashCompletesTheCommands() throws Exception {
    Needs.program("bash", "bash");
    String line =
        ". '%s'; COMP_WORDS=(daqstream rec); COMP_CWORD=1; _complete_daqstream; echo ${COMPREPLY[@]}"
            .formatted(SCRIPT);
    assertEquals(List.of("record"), output("bash", "-c", line));
  }

  @Test
  public void zshCompletesCommandsAndOptionsAsTheyAreTyped() throws Exception {
    Needs.program("zsh", "zsh");
    assertEquals(
        List.of(
            "words:<record>", "words:<record --for>", "words:<info --json>", "words:<tls:create>"),
        output(
            "zsh",
            "-f",
            "-c",
            TYPED,
            "zsh",
            SCRIPT.toString(),
            "daqstream rec",
            "daqstream record --fo",
            "daqstream info --js",
            "daqstream tls"));
  }
}
