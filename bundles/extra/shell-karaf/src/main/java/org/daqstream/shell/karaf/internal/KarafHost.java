/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.karaf.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.karaf.shell.api.console.Registry;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.daqstream.shell.api.CommandHost;
import org.daqstream.shell.api.ShellCommand;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Puts the commands into the registry of Karaf's console; they are taken back one by one. */
@Component
public final class KarafHost implements CommandHost {
  private final Registry registry;
  private final Map<ShellCommand, KarafCommand> commands = new ConcurrentHashMap<>();

  @Activate
  public KarafHost(@Reference SessionFactory sessions) {
    this.registry = sessions.getRegistry();
  }

  @Override
  public void add(ShellCommand command) {
    KarafCommand added = new KarafCommand(command);
    commands.put(command, added);
    registry.register(added);
  }

  @Override
  public void remove(ShellCommand command) {
    registry.unregister(commands.remove(command));
  }
}
