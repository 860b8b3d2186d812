/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import java.util.List;
import java.util.Set;
import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Near;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code stream:undeploy}. */
public final class UndeployManifest extends Command {
  private record Done(String source, Set<String> instances) {}

  private final Services services;

  public UndeployManifest(Services services) {
    super(
        "stream:undeploy",
        "Takes back a manifest that stream:deploy deployed; its open streams end.",
        Syntax.of("NAME").first(() -> names(services)).json());
    this.services = services;
  }

  @Override
  protected void execute(Call call) {
    final String word = call.word(0);
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
              ? "'%s' was not deployed by the shell: change it where it comes from".formatted(word)
              : "the shell deployed no '%s'%s"
                  .formatted(name, Near.suggestion(name, names(services))));
    }
    register.undeploy(source);
    call.tell(
        new Done(source, instances), "undeployed " + source + ": " + String.join(", ", instances));
  }

  private static List<String> names(Services services) {
    return services.streamRegister().stream()
        .flatMap(register -> register.sources().keySet().stream())
        .filter(source -> source.startsWith(Streams.SOURCE_PREFIX))
        .map(source -> source.substring(Streams.SOURCE_PREFIX.length()))
        .toList();
  }
}
