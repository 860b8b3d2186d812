/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.daqstream.shell.api.CommandHost;
import org.daqstream.shell.api.ShellCommand;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Offers commands to Gogo, as services. Used by one thread at a time. */
final class GogoHost implements CommandHost {
  /** Shown by consoles that list commands. */
  private static final String DESCRIPTION = "osgi.command.description";

  private final BundleContext context;
  private final Map<ShellCommand, ServiceRegistration<Function>> registrations = new HashMap<>();

  GogoHost(BundleContext context) {
    this.context = context;
  }

  @Override
  public void add(ShellCommand command) {
    final Function function =
        (session, arguments) -> {
          final List<String> words = arguments.stream().map(String::valueOf).toList();
          command.run(words, System.out, System.err); // those of the session, on its thread
          return null;
        };
    final Map<String, Object> properties =
        Map.of(
            CommandProcessor.COMMAND_SCOPE,
            command.scope(),
            CommandProcessor.COMMAND_FUNCTION,
            command.name(),
            DESCRIPTION,
            command.summary());
    registrations.put(
        command,
        context.registerService(Function.class, function, FrameworkUtil.asDictionary(properties)));
  }

  @Override
  public void remove(ShellCommand command) {
    registrations.remove(command).unregister();
  }
}
