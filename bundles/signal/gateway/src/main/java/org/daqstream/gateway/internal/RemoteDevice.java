/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.client.DeviceAddress;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.daqstream.discovery.api.Device;
import org.daqstream.discovery.api.DeviceListener;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.sink.SignalSink;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the signals of a device for each configuration; without one it does nothing. */
@Component(
    immediate = true,
    service = {},
    configurationPid = RemoteDevice.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = GatewayConfig.class, factory = true)
public final class RemoteDevice {
  static final String PID = "org.daqstream.client";

  private static final long END_MS = 2_000;
  private static final Logger LOG = LoggerFactory.getLogger(RemoteDevice.class);

  private final SignalRegistry registry;
  private final BundleContext context;
  private final String runtimeId;
  private final IncomingLinks incoming;
  private final String name;
  private final Configured<Settings> configured;

  /** Where links are replaced, because that may take a while. */
  private final OrderedTasks changes;

  private final ProblemLog problems = new ProblemLog(LOG::warn);

  private final Object lock = new Object();
  private Settings settings; // under the lock; null until a configuration can be used
  private DeviceAddress found; // under the lock; null until the device is known
  private DeviceLink link; // under the lock; null until there is an address
  private ServiceRegistration<SignalSink> offered; // under the lock; what is put into the link
  private Runnable noRetry = () -> {}; // under the lock
  private ServiceRegistration<DeviceListener> listener;

  /** Begins to connect, or to look for the device. */
  @Activate
  public RemoteDevice(
      @Reference SignalRegistry registry, BundleContext context, Map<String, Object> properties) {
    this(registry, context, properties, () -> IncomingLinks.agents(context));
  }

  /** Told by the last parameter what clients of this runtime's servers call themselves. */
  RemoteDevice(
      SignalRegistry registry,
      BundleContext context,
      Map<String, Object> properties,
      Supplier<List<String>> agents) {
    this.registry = registry;
    this.context = context;
    runtimeId = LocalNames.runtimeId(context);
    incoming = new IncomingLinks(agents);
    name = Values.nameOf(PID, properties).orElse("device");
    changes =
        new OrderedTasks(
            "daqstream-gateway-found " + name, e -> LOG.error("{}: a step failed", name, e));
    configured =
        new Configured<>(
            GatewayConfig.class,
            PID,
            "nothing of it is published",
            LOG,
            values -> Settings.of(values, name));
    modified(properties);
  }

  /** Takes another choice of signals as it is, and begins anew with anything else. */
  @Modified
  void modified(Map<String, ?> properties) {
    configured.take(properties, this::use);
  }

  private void use(Settings wanted) {
    Optional<Settings> before = configured.settings();
    if (before.filter(wanted::equals).isPresent()) {
      return;
    }
    if (before.filter(wanted::hasSameLink).isPresent()) {
      synchronized (lock) {
        settings = wanted;
        if (link != null) {
          link.choose(wanted);
        }
      }
      return;
    }
    leave();
    DeviceLink made = null;
    synchronized (lock) {
      settings = wanted;
      if (wanted.address() != null) {
        made = newLink(wanted.address());
        link = made;
      }
    }
    if (made != null) {
      offer(made);
      return;
    }
    LOG.info("{}: waits for device '{}' to be found", name, wanted.device());
    listener = context.registerService(DeviceListener.class, new Finder(), null);
  }

  /** Told by the bundle that discovers, if there is one; which waits for no link to end. */
  private final class Finder implements DeviceListener {
    @Override
    public void found(Device device) {
      synchronized (lock) {
        if (settings == null || !isWanted(device, settings.device())) {
          return;
        }
        Optional<DeviceAddress> address = addressOf(device);
        if (address.isEmpty()) {
          return;
        }
        found = address.get();
      }
      changes.execute(RemoteDevice.this::follow);
    }

    /** The link tries again by itself, and the device may only be silent. */
    @Override
    public void lost(Device device) {}
  }

  /** Connects to where the device was found last, unless the link to where it was before works. */
  private void follow() {
    Runnable end;
    synchronized (lock) {
      boolean isGood = link != null && (link.address().equals(found) || !link.isFailing());
      if (settings == null || found == null || isGood) {
        return;
      }
      end = takeLink();
    }
    end.run();
    DeviceLink made;
    synchronized (lock) {
      if (settings == null || found == null || link != null) {
        return;
      }
      try {
        made = newLink(found);
      } catch (RuntimeException e) { // files of TLS may be away for a while
        problems.say(name + ": cannot connect to " + found + ", is tried again: " + e.getMessage());
        noRetry.run();
        noRetry = changes.after(settings.reconnectMaxMs(), this::follow);
        return;
      }
      link = made;
      problems.clear();
      LOG.info("{}: device '{}' is at {}", name, settings.device(), found);
    }
    offer(made);
  }

  private DeviceLink newLink(DeviceAddress address) {
    return new DeviceLink(
        registry,
        name,
        settings,
        address,
        runtimeId,
        incoming,
        id -> true,
        () -> changes.execute(this::follow),
        new DeviceConnector(name, settings, address));
  }

  static boolean isWanted(Device device, String wanted) {
    return wanted.equals(device.instance())
        || wanted.equals(device.name())
        || wanted.equals(device.serialNumber());
  }

  /** Of several addresses one that is good everywhere. */
  static Optional<DeviceAddress> addressOf(Device device) {
    String best = null;
    for (int i = 0; i < device.addresses().size(); i++) {
      boolean isLocal = device.addresses().get(i).isLinkLocalAddress();
      if (best == null || !isLocal) {
        best = device.urls().get(i);
      }
      if (!isLocal) {
        break;
      }
    }
    try {
      return Optional.ofNullable(best).map(DeviceAddress::parse);
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "device '{}' tells an address that cannot be used: {}", device.name(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Ends the connection and withdraws the signals. */
  @Deactivate
  void stop() {
    leave();
    changes.end(END_MS);
  }

  private void leave() {
    if (listener != null) {
      listener.unregister();
      listener = null;
    }
    Runnable end;
    synchronized (lock) {
      end = takeLink();
      found = null;
      settings = null;
    }
    end.run();
  }

  /** What ends the link that there was, with what is put into it; not under the lock. */
  private Runnable takeLink() {
    DeviceLink last = link;
    ServiceRegistration<SignalSink> mine = offered;
    link = null;
    offered = null;
    return () -> {
      if (mine != null) {
        mine.unregister();
      }
      if (last != null) {
        last.close();
      }
    };
  }

  /**
   * Has the registry put into a link what the device is to be offered; once, by who made it, and
   * not under the lock.
   */
  private void offer(DeviceLink made) {
    SignalSink sink;
    synchronized (lock) {
      if (!made.equals(link) || settings.publish().isEmpty()) {
        return;
      }
      sink = made.sink(settings.publish());
    }
    ServiceRegistration<SignalSink> mine = context.registerService(SignalSink.class, sink, null);
    synchronized (lock) {
      if (made.equals(link)) {
        offered = mine;
        return;
      }
    }
    mine.unregister();
  }
}
