/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.launcher;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * The servers for the {@link Watchdog}: services that have endpoints. Their interface belongs to a
 * bundle, so that the launcher can only call it by reflection.
 */
record WatchedServers(BundleContext context) implements Supplier<List<Watchdog.Server>> {
  private static final String MONITOR = "org.daqstream.server.api.ServerMonitor";

  @Override
  public List<Watchdog.Server> get() {
    try {
      ServiceReference<?>[] found =
          context.getAllServiceReferences(MONITOR, "(" + EndpointAnnouncer.ENDPOINTS + "=*)");
      return found == null ? List.of() : Arrays.stream(found).map(this::server).toList();
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IllegalStateException e) {
      return List.of(); // the framework stops
    }
  }

  private Watchdog.Server server(ServiceReference<?> reference) {
    String name = EndpointAnnouncer.line(EndpointAnnouncer.endpoints(reference));
    return new Watchdog.Server(reference, name, () -> answers(reference));
  }

  private boolean answers(ServiceReference<?> reference) {
    Object server = context.getService(reference);
    if (server == null) {
      return true; // it left
    }
    try {
      Class.forName(MONITOR, false, server.getClass().getClassLoader())
          .getMethod("status")
          .invoke(server);
      return true;
    } catch (InvocationTargetException e) {
      return false;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the service " + MONITOR + " has another version", e);
    } finally {
      context.ungetService(reference);
    }
  }
}
