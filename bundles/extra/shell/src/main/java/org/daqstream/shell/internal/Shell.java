/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import org.daqstream.shell.api.CommandHost;
import org.daqstream.shell.api.ShellCommand;
import org.daqstream.shell.internal.bundles.ExplainBundle;
import org.daqstream.shell.internal.logins.TokenCommands;
import org.daqstream.shell.internal.players.PlayerCommands;
import org.daqstream.shell.internal.recorders.RecorderCommands;
import org.daqstream.shell.internal.signals.ClientCommands;
import org.daqstream.shell.internal.signals.DiscoverDevices;
import org.daqstream.shell.internal.signals.ListLosses;
import org.daqstream.shell.internal.signals.ListRelays;
import org.daqstream.shell.internal.signals.ListSignals;
import org.daqstream.shell.internal.signals.ShowSignal;
import org.daqstream.shell.internal.signals.ShowStatistics;
import org.daqstream.shell.internal.signals.TapSignal;
import org.daqstream.shell.internal.streams.ListModules;
import org.daqstream.shell.internal.streams.ListStreams;
import org.daqstream.shell.internal.streams.ManifestCommands;
import org.daqstream.shell.internal.streams.ModuleCommands;
import org.daqstream.shell.internal.streams.SendMessage;
import org.daqstream.shell.internal.streams.TailStream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * All commands, at the best host that is there: a console that asked for them, else Gogo. The lock
 * is held while they move, so that moves do not overlap; no host calls back.
 */
@Component(service = {})
public final class Shell {
  private final List<ShellCommand> commands;
  private final CommandHost gogo;
  private CommandHost host; // where the commands are; null: nowhere
  private CommandHost console; // null: none

  /** The commands wait for {@link #start}, when a console that is there is bound already. */
  @Activate
  public Shell(@Reference Services services, BundleContext context) {
    this(commands(services), new GogoHost(context));
  }

  Shell(List<ShellCommand> commands, CommandHost gogo) {
    this.commands = commands;
    this.gogo = gogo;
  }

  static List<ShellCommand> commands(Services services) {
    return List.of(
        ListSignals.command(services),
        ShowSignal.command(services),
        TapSignal.command(services),
        ClientCommands.list(services),
        ClientCommands.kick(services),
        ListLosses.command(services),
        ListRelays.command(services),
        ShowStatistics.command(services),
        ProviderCommands.dataTypes(services),
        DiscoverDevices.command(services),
        RecorderCommands.list(services),
        RecorderCommands.status(services),
        RecorderCommands.begin(services),
        RecorderCommands.end(services),
        PlayerCommands.list(services),
        PlayerCommands.seek(services),
        PlayerCommands.pause(services),
        PlayerCommands.resume(services),
        ListStreams.command(services),
        ProviderCommands.streamTypes(services),
        SendMessage.command(services),
        TailStream.command(services),
        ManifestCommands.deploy(services),
        ManifestCommands.undeploy(services),
        ManifestCommands.list(services),
        ListModules.command(services),
        ModuleCommands.traffic(services),
        ModuleCommands.stop(services),
        TokenCommands.create(services),
        TokenCommands.list(services),
        TokenCommands.revoke(services),
        ExplainBundle.command(services));
  }

  @Activate
  synchronized void start() {
    moveTo(console == null ? gogo : console);
  }

  @Deactivate
  synchronized void stop() {
    moveTo(null);
  }

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  synchronized void bindHost(CommandHost newHost) {
    console = newHost;
    if (host != null) {
      moveTo(newHost);
    }
  }

  /** Called with the old host after the new one was bound, when there is a new one. */
  synchronized void unbindHost(CommandHost oldHost) {
    if (console == oldHost) {
      console = null;
      if (host != null) {
        moveTo(gogo);
      }
    }
  }

  private void moveTo(CommandHost newHost) {
    CommandHost oldHost = host;
    host = newHost;
    if (oldHost != null) {
      commands.forEach(oldHost::remove);
    }
    if (newHost != null) {
      commands.forEach(newHost::add);
    }
  }
}
