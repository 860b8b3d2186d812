/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;
import org.daqstream.shell.api.CommandHost;
import org.daqstream.shell.api.ShellCommand;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * Offers commands to Gogo, as services, and beside them the help, the search and the completion
 * that other consoles bring along. Used by one thread at a time.
 */
final class GogoHost implements CommandHost {
  static final String SCOPE = "daqstream";

  private final BundleContext context;
  private final Map<ShellCommand, ServiceRegistration<Function>> registrations =
      new ConcurrentHashMap<>();
  private final List<ServiceRegistration<Function>> aids = new ArrayList<>();

  GogoHost(BundleContext context) {
    this.context = context;
  }

  @Override
  public void add(ShellCommand command) {
    if (registrations.isEmpty()) {
      addAids();
    }
    registrations.put(command, register(command));
  }

  @Override
  public void remove(ShellCommand command) {
    registrations.remove(command).unregister();
    if (registrations.isEmpty()) {
      aids.forEach(ServiceRegistration::unregister);
      aids.clear();
    }
  }

  private void addAids() {
    GogoCatalogue catalogue = new GogoCatalogue(context);
    aids.add(register(SCOPE, GogoHelp.NAME, GogoHelp.SUMMARY, new GogoHelp(catalogue)));
    aids.add(
        register(
            SCOPE,
            GogoCompletion.NAME,
            GogoCompletion.SUMMARY,
            new GogoCompletion(catalogue, registrations.keySet())));
    aids.add(register(Grep.command()));
  }

  private ServiceRegistration<Function> register(ShellCommand command) {
    return register(
        command.scope(),
        command.name(),
        command.summary(),
        (session, arguments) -> {
          List<String> words = arguments.stream().map(String::valueOf).toList();
          command.run(words, System.out, System.err); // those of the session, on its thread
          return null;
        });
  }

  private ServiceRegistration<Function> register(
      String scope, String name, String summary, Function function) {
    Map<String, Object> properties =
        Map.of(
            CommandProcessor.COMMAND_SCOPE,
            scope,
            CommandProcessor.COMMAND_FUNCTION,
            name,
            GogoCatalogue.DESCRIPTION,
            summary);
    return context.registerService(
        Function.class, function, FrameworkUtil.asDictionary(properties));
  }
}
