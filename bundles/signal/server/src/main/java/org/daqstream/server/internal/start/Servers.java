/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.security.api.Authenticator;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.api.PeerSignals;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ManagedService;
import org.osgi.service.cm.ManagedServiceFactory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The component: a server with the configuration of its PID, and one for each factory
 * configuration. It takes them from Configuration Admin itself, for the component runtime cannot do
 * with both kinds, and would begin anew without a configuration when one is replaced.
 */
@Component(
    configurationPid = Servers.PID,
    configurationPolicy = ConfigurationPolicy.IGNORE,
    service = {},
    immediate = true)
@Designate(ocd = ServerConfig.class, factory = true)
public final class Servers {
  /** Configuration PID and factory PID. */
  static final String PID = "org.daqstream.server";

  private static final long STOP_LIMIT_MS = 30_000;

  private static final Logger LOG = LoggerFactory.getLogger(Servers.class);

  private final BundleContext context;
  private final Shared shared = new Shared();

  /** By PID, for the thread of the changes only. */
  private final Map<String, ConfiguredServer> servers = new HashMap<>();

  /** Whether there is the server that is there without any configuration; for the same thread. */
  private boolean byDefault;

  /** Changes come one at a time and in order; nobody waits for clients that say good-bye. */
  private final OrderedTasks changes =
      new OrderedTasks("daqstream-servers", e -> LOG.error("a change of servers failed", e));

  private final List<ServiceRegistration<?>> registrations;

  /** Asks for configurations; called by DS. */
  @Activate
  public Servers(BundleContext context) {
    this.context = context;
    // First the servers with a name: without any configuration there is one with the defaults.
    registrations =
        List.of(
            register(ManagedServiceFactory.class, new NamedServers()),
            register(ManagedService.class, this::configure));
  }

  private <S> ServiceRegistration<S> register(Class<S> type, S service) {
    return context.registerService(
        type, service, FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_PID, PID)));
  }

  /** Takes the configuration of the PID itself, null when there is none. */
  void configure(Dictionary<String, ?> properties) {
    Map<String, ?> copy =
        properties == null ? null : new HashMap<>(FrameworkUtil.asMap(properties));
    change(
        () -> {
          ConfiguredServer server = servers.get(PID);
          if (copy != null) {
            byDefault = false;
            server(PID).take(copy);
          } else if (server != null && !byDefault) {
            server.configurationGone();
          } else if (servers.isEmpty()) {
            byDefault = true;
            server(PID).take(Map.of());
          }
        });
  }

  private ConfiguredServer server(String pid) {
    return servers.computeIfAbsent(pid, key -> new ConfiguredServer(context, key, shared));
  }

  /** Takes factory configurations. */
  final class NamedServers implements ManagedServiceFactory {
    @Override
    public String getName() {
      return "daqstream streaming servers";
    }

    @Override
    public void updated(String pid, Dictionary<String, ?> properties) {
      Map<String, ?> copy = new HashMap<>(FrameworkUtil.asMap(properties));
      change(
          () -> {
            if (byDefault) {
              byDefault = false;
              remove(PID);
            }
            server(pid).take(copy);
          });
    }

    @Override
    public void deleted(String pid) {
      change(() -> remove(pid));
    }
  }

  private void remove(String pid) {
    ConfiguredServer server = servers.remove(pid);
    if (server != null) {
      server.stop();
    }
  }

  private void change(Runnable change) {
    if (!changes.execute(change)) {
      LOG.debug("a configuration came when all was over");
    }
  }

  /** Disconnects clients and ends; called by DS. */
  @Deactivate
  void stop() {
    registrations.forEach(ServiceRegistration::unregister);
    change(() -> servers.values().forEach(ConfiguredServer::stop));
    changes.end(STOP_LIMIT_MS);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removePage")
  void addPage(HttpPage page, Map<String, Object> properties) {
    shared.pages().add(page, properties);
  }

  void removePage(HttpPage page) {
    shared.pages().remove(page);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeTaker")
  void addTaker(PeerSignals taker, Map<String, Object> properties) {
    shared.takers().add(taker, properties);
  }

  void removeTaker(PeerSignals taker) {
    shared.takers().remove(taker);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeAuthenticator")
  void addAuthenticator(Authenticator authenticator, Map<String, Object> properties) {
    shared.authenticators().add(authenticator, properties);
  }

  void removeAuthenticator(Authenticator authenticator) {
    shared.authenticators().remove(authenticator);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeRole")
  void addRole(Role role) {
    role.whenChanged(() -> shared.roles().set(role.name(), role.rights()));
    shared.roles().set(role.name(), role.rights());
  }

  void removeRole(Role role) {
    role.whenChanged(() -> {});
    shared.roles().set(role.name(), null);
  }
}
