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
import org.daqstream.discovery.api.DeviceBrowser;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.writer.SignalWriterFactory;
import org.daqstream.stream.api.StreamRegister;
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

/** The services of the framework; every one of them may be missing and may come and go. */
@Component(service = OsgiServices.class)
public final class OsgiServices implements Services {
  private final BundleContext context;
  private volatile boolean active = true;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile SignalRegistry signalRegistry;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile StreamRegister streamRegister;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile DeviceBrowser deviceBrowser;

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile ServiceComponentRuntime componentRuntime;

  @Reference(policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<ServerMonitor> serverMonitors = List.of();

  @Reference(service = SignalWriterFactory.class, policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<ServiceReference<SignalWriterFactory>> writers = List.of();

  @Reference(service = StreamTransport.class, policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<ServiceReference<StreamTransport>> transports = List.of();

  @Activate
  public OsgiServices(BundleContext context) {
    this.context = context;
  }

  @Deactivate
  void deactivate() {
    active = false;
  }

  @Override
  public boolean isActive() {
    return active;
  }

  @Override
  public Optional<SignalRegistry> signalRegistry() {
    return Optional.ofNullable(signalRegistry);
  }

  @Override
  public List<ServerMonitor> serverMonitors() {
    return serverMonitors.stream().sorted(Comparator.comparing(ServerMonitor::name)).toList();
  }

  @Override
  public Optional<StreamRegister> streamRegister() {
    return Optional.ofNullable(streamRegister);
  }

  @Override
  public Optional<DeviceBrowser> deviceBrowser() {
    return Optional.ofNullable(deviceBrowser);
  }

  @Override
  public List<Provider> writers() {
    return providers(writers, SignalWriterFactory.SIGNAL_DATATYPE);
  }

  @Override
  public List<Provider> transports() {
    return providers(transports, StreamTransport.STREAM_TYPE);
  }

  @Override
  public List<Bundle> bundles() {
    return List.of(context.getBundles());
  }

  @Override
  public Optional<ServiceComponentRuntime> componentRuntime() {
    return Optional.ofNullable(componentRuntime);
  }

  /** Those of File Install, and Karaf's. */
  @Override
  public List<String> deployFolders() {
    final List<String> folders = new ArrayList<>();
    final String fileInstall = context.getProperty("felix.fileinstall.dir");
    if (fileInstall != null) {
      folders.addAll(List.of(fileInstall.split(",")));
    }
    final String karaf = context.getProperty("karaf.base");
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
    final Object types = reference.getProperty(typeProperty);
    final Bundle bundle = reference.getBundle(); // null: it has just left
    return new Provider(
        types instanceof String[] several
            ? List.of(several)
            : types instanceof String one ? List.of(one) : List.of(),
        reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0,
        (Long) reference.getProperty(Constants.SERVICE_ID),
        bundle == null ? "" : bundle.getSymbolicName() + " " + bundle.getVersion());
  }

  @Override
  public Runnable addSink(SignalSink sink) {
    final ServiceRegistration<SignalSink> registration =
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

  @Override
  public void pause(long ms) throws InterruptedException {
    Thread.sleep(ms);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
