/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.daqstream.discovery.api.DeviceBrowser;
import org.daqstream.player.api.Player;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.security.api.TokenStore;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.relay.SignalRelay;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.module.ModuleHost;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.spi.StreamTransport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/**
 * What the commands work on, as far as it is there now: every service may be missing and may come
 * and go. Tests have others.
 */
@Component(service = Services.class)
public class Services {
  /** A service of a bundle, named with its version, that serves data types or stream types. */
  public record Provider(List<String> types, int ranking, long serviceId, String bundle) {}

  private final BundleContext context;
  private final CountDownLatch over = new CountDownLatch(1);

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile SignalRegistry signalRegistry;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile StreamRegister streamRegister;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile DeviceBrowser deviceBrowser;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile ServiceComponentRuntime componentRuntime;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile TokenStore tokenStore;

  @Reference(policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<Recorder> recorders = List.of();

  @Reference(policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<Player> players = List.of();

  @Reference(policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<SignalRelay> relays = List.of();

  @Reference(policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<ModuleHost> moduleHosts = List.of();

  @Reference(policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<ServerMonitor> serverMonitors = List.of();

  @Reference(service = SignalWriterFactory.class, policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<ServiceReference<SignalWriterFactory>> writers = List.of();

  @Reference(service = StreamTransport.class, policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<ServiceReference<StreamTransport>> transports = List.of();

  @Activate
  public Services(BundleContext context) {
    this.context = context;
  }

  @Deactivate
  void deactivate() {
    over.countDown();
  }

  /** Whether commands that run on and on may do so; they look now and then. */
  public boolean isActive() {
    return over.getCount() > 0;
  }

  public Optional<SignalRegistry> signalRegistry() {
    return Optional.ofNullable(signalRegistry);
  }

  /** The running servers, by name. */
  public List<ServerMonitor> serverMonitors() {
    return serverMonitors.stream().sorted(Comparator.comparing(ServerMonitor::name)).toList();
  }

  /** The recorders, by name. */
  public List<Recorder> recorders() {
    return recorders.stream().sorted(Comparator.comparing(Recorder::name)).toList();
  }

  /** What plays files, by name. */
  public List<Player> players() {
    return players.stream().sorted(Comparator.comparing(Player::name)).toList();
  }

  /** What brings signals of other runtimes, or takes signals to them. */
  public List<SignalRelay> relays() {
    return relays;
  }

  /** Who has module instances that are no bundles. */
  public List<ModuleHost> moduleHosts() {
    return moduleHosts;
  }

  /** The module instances that are no bundles, by name. */
  public List<ModuleStatus> modules() {
    return moduleHosts.stream()
        .flatMap(host -> host.modules().stream())
        .sorted(Comparator.comparing(ModuleStatus::instance))
        .toList();
  }

  public Optional<StreamRegister> streamRegister() {
    return Optional.ofNullable(streamRegister);
  }

  /** Who looks for devices on the networks. */
  public Optional<DeviceBrowser> deviceBrowser() {
    return Optional.ofNullable(deviceBrowser);
  }

  /** Who has the tokens by which clients log in. */
  public Optional<TokenStore> tokenStore() {
    return Optional.ofNullable(tokenStore);
  }

  /** The writers of data types, those asked first in front. */
  public List<Provider> writers() {
    return providers(writers, SignalWriterFactory.SIGNAL_DATATYPE);
  }

  /** The transports of stream types, those used first in front. */
  public List<Provider> transports() {
    return providers(transports, StreamTransport.STREAM_TYPE);
  }

  /** All bundles of the framework, the framework itself first. */
  public List<Bundle> bundles() {
    return List.of(context.getBundles());
  }

  /** Who knows what components wait for. */
  public Optional<ServiceComponentRuntime> componentRuntime() {
    return Optional.ofNullable(componentRuntime);
  }

  /** Folders whose jars are installed: those of File Install, and Karaf's. */
  public List<String> deployFolders() {
    List<String> folders = new ArrayList<>();
    String fileInstall = context.getProperty("felix.fileinstall.dir");
    if (fileInstall != null) {
      folders.addAll(List.of(fileInstall.split(",")));
    }
    String karaf = context.getProperty("karaf.base");
    if (karaf != null) {
      folders.add(karaf + "/deploy");
    }
    return folders;
  }

  private static <T> List<Provider> providers(
      List<ServiceReference<T>> references, String typeProperty) {
    return references.stream()
        .sorted(Comparator.reverseOrder())
        .map(reference -> provider(reference, typeProperty))
        .toList();
  }

  private static Provider provider(ServiceReference<?> reference, String typeProperty) {
    Object types = reference.getProperty(typeProperty);
    Bundle bundle = reference.getBundle(); // null: it has just left
    return new Provider(
        types instanceof String[] several
            ? List.of(several)
            : types instanceof String one ? List.of(one) : List.of(),
        reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0,
        (Long) reference.getProperty(Constants.SERVICE_ID),
        bundle == null ? "" : bundle.getSymbolicName() + " " + bundle.getVersion());
  }

  /** Lets a sink take part, until what it returns is run. */
  public Runnable addSink(SignalSink sink) {
    ServiceRegistration<SignalSink> registration =
        context.registerService(
            SignalSink.class,
            sink,
            FrameworkUtil.asDictionary(Map.of(Constants.SERVICE_DESCRIPTION, "tap of a shell")));
    return () -> {
      try {
        registration.unregister();
      } catch (IllegalStateException e) {
        // the bundle was stopped and has taken it along
      }
    };
  }

  /** Waits so long, or until this is no more {@link #isActive}; an interruption ends it. */
  public void pause(long ms) throws InterruptedException {
    over.await(ms, TimeUnit.MILLISECONDS);
  }

  /** The clock that {@link #pause} goes by, in nanoseconds. */
  public long nanoTime() {
    return System.nanoTime();
  }

  /** The registry of signals, or an error that says what is missing. */
  public final SignalRegistry signals() {
    return signalRegistry().orElseThrow(() -> inactive("signals", "signal.registry"));
  }

  /** At least one server, or an error that says what is missing. */
  public final List<ServerMonitor> servers() {
    List<ServerMonitor> monitors = serverMonitors();
    if (monitors.isEmpty()) {
      throw new CommandException(
          "no server is listening: the bundle org.daqstream.server is not active or its ports could"
              + " not be opened, see the log");
    }
    return monitors;
  }

  /** Who looks for devices, or an error that says what is missing. */
  public final DeviceBrowser devices() {
    return deviceBrowser().orElseThrow(() -> inactive("discovery", "discovery"));
  }

  /** The tokens, or an error that says what is missing. */
  public final TokenStore tokens() {
    return tokenStore().orElseThrow(() -> inactive("tokens", "login.tokens"));
  }

  /** The register of streams, or an error that says what is missing. */
  public final StreamRegister streams() {
    return streamRegister().orElseThrow(() -> inactive("streams", "stream.register"));
  }

  private static CommandException inactive(String what, String bundle) {
    return new CommandException(
        "no %s: the bundle org.daqstream.%s is not active".formatted(what, bundle));
  }
}
