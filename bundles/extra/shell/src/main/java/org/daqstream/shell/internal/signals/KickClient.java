/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import org.daqstream.shell.internal.Call;
import org.daqstream.shell.internal.Command;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Services;
import org.daqstream.shell.internal.Syntax;

/** {@code signal:kick}. */
public final class KickClient extends Command {
  private record Done(String server, String name, String address, String reason) {}

  private static final String DEFAULT_REASON = "disconnected by the operator";

  private final Services services;

  public KickClient(Services services) {
    super(
        "signal:kick",
        "Disconnects a client, told by name or address; REASON is told to it.",
        Syntax.of("CLIENT", "[REASON...]").first(() -> Clients.names(services)).json());
    this.services = services;
  }

  @Override
  protected void execute(Call call) {
    final Clients.Connected client = new Clients(services).get(call.word(0));
    final String reason = call.words().size() > 1 ? call.textBehind(1) : DEFAULT_REASON;
    final String name = client.status().name();
    if (!client.server().disconnect(name, reason)) {
      throw new CommandException("client " + name + " has just left");
    }
    call.tell(
        new Done(client.server().name(), name, client.address(), reason),
        "disconnected %s at %s: %s".formatted(name, client.address(), reason));
  }
}
