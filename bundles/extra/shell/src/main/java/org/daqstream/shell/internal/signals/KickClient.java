/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import java.io.PrintStream;
import java.util.List;
import org.daqstream.shell.internal.Arguments;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code signal:kick}. */
public final class KickClient extends Command {
  private record Done(String server, String name, String address, String reason) {}

  private static final String DEFAULT_REASON = "disconnected by the operator";

  private final Services services;

  /** Creates the command. */
  public KickClient(Services services) {
    super(
        "signal:kick",
        "Disconnects a client, told by name or address; REASON is told to it.",
        Syntax.of("CLIENT", "[REASON...]").json());
    this.services = services;
  }

  @Override
  protected void execute(Arguments arguments, PrintStream out, PrintStream err)
      throws CommandException {
    final Clients.Connected client = new Clients(services).get(arguments.word(0));
    final String words = String.join(" ", arguments.words().subList(1, arguments.words().size()));
    final String reason = words.isEmpty() ? DEFAULT_REASON : words;
    if (!client.server().disconnect(client.status().name(), reason)) {
      throw new CommandException("client " + client.status().name() + " has just left");
    }
    tell(
        out,
        arguments,
        new Done(client.server().name(), client.status().name(), client.address(), reason),
        "disconnected " + client.status().name() + " at " + client.address() + ": " + reason);
  }

  @Override
  protected List<String> candidates(List<String> words) {
    return words.isEmpty() ? Clients.names(services) : List.of();
  }
}
