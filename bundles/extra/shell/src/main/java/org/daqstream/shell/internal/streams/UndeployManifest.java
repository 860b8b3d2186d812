/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Near;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code stream:undeploy}. */
public final class UndeployManifest extends Command {
  private record Done(String source, Set<String> instances) {}

  private final Services services;

  /** Creates the command. */
  public UndeployManifest(Services services) {
    super(
        "stream:undeploy",
        "Takes back a manifest that stream:deploy deployed; its open streams end.",
        Syntax.of("NAME").json());
    this.services = services;
  }

  @Override
  protected void execute(Arguments arguments, PrintStream out, PrintStream err)
      throws CommandException {
    final String word = arguments.word(0);
    final String name =
        word.startsWith(Streams.SOURCE_PREFIX)
            ? word.substring(Streams.SOURCE_PREFIX.length())
            : word;
    final String source = Streams.SOURCE_PREFIX + name;
    final var register = services.streams();
    final Set<String> instances = register.sources().get(source);
    if (instances == null) {
      throw new CommandException(
          register.sources().containsKey(word)
              ? "'" + word + "' was not deployed by the shell: change it where it comes from"
              : "the shell deployed no '"
                  + name
                  + "'"
                  + Near.suggestion(name, candidates(List.of())));
    }
    register.undeploy(source);
    tell(
        out,
        arguments,
        new Done(source, instances),
        "undeployed " + source + ": " + String.join(", ", instances));
  }

  @Override
  protected List<String> candidates(List<String> words) {
    return words.isEmpty()
        ? services.streamRegister().stream()
            .flatMap(register -> register.sources().keySet().stream())
            .filter(source -> source.startsWith(Streams.SOURCE_PREFIX))
            .map(source -> source.substring(Streams.SOURCE_PREFIX.length()))
            .toList()
        : List.of();
  }
}
