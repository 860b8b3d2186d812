/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.config.support.Configured;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.spi.StreamTransport;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register as a service, fed with transports by the whiteboard. For each deployed instance it
 * publishes a {@link StreamClient}: every bundle that asks gets one of its own (with prototype
 * scope every component), which is closed when it is let go.
 */
@Component(immediate = true, configurationPid = RegisterComponent.PID)
@Designate(ocd = RegisterConfig.class)
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"org.daqstream.stream.api.StreamClient\"")
public final class RegisterComponent implements StreamRegister {

  static final String PID = "org.daqstream.stream.register";

  private static final Logger LOG = LoggerFactory.getLogger(RegisterComponent.class);

  private final BundleContext context;
  private final Register register = new Register(Settings.DEFAULTS, this::publish);
  private final Configured<Settings> configured =
      new Configured<>(RegisterConfig.class, PID, "the defaults hold", LOG, Settings::of);
  private final Map<String, ServiceRegistration<StreamClient>> published =
      new ConcurrentHashMap<>();

  /** Starts with nothing deployed, and with the defaults when the configuration is wrong. */
  @Activate
  public RegisterComponent(BundleContext context, Map<String, Object> properties) {
    this.context = context;
    modified(properties);
  }

  /** Takes another configuration; called by DS. */
  @Modified
  void modified(Map<String, Object> properties) {
    configured.take(properties, register::configure);
  }

  /** Unregistering lets DS components go, which closes their clients. */
  @Deactivate
  void deactivate() {
    register.close();
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindTransport(StreamTransport transport, Map<String, Object> properties) {
    if (!(properties.get(StreamTransport.STREAM_TYPE) instanceof String type) || type.isEmpty()) {
      LOG.error("transport {} has no service property {}", transport, StreamTransport.STREAM_TYPE);
      register.remove(transport);
      return;
    }
    int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer rank ? rank : 0;
    long id = (Long) properties.get(Constants.SERVICE_ID);
    register.add(new Transports.Entry(transport, type, ranking, id));
    LOG.info("stream type '{}' is there", type);
  }

  void updatedTransport(StreamTransport transport, Map<String, Object> properties) {
    bindTransport(transport, properties);
  }

  void unbindTransport(StreamTransport transport, Map<String, Object> properties) {
    register.remove(transport);
    LOG.info("stream type '{}' left", properties.get(StreamTransport.STREAM_TYPE));
  }

  /** Called by one thread at a time. */
  private void publish(Set<String> instances) {
    Set<String> vanished = new HashSet<>(published.keySet());
    vanished.removeAll(instances);
    for (String instance : vanished) {
      published.remove(instance).unregister();
    }
    for (String instance : instances) {
      if (!published.containsKey(instance)) {
        published.put(instance, publishOne(instance));
      }
    }
  }

  private ServiceRegistration<StreamClient> publishOne(String instance) {
    return context.registerService(
        StreamClient.class,
        new PrototypeServiceFactory<StreamClient>() {
          @Override
          public StreamClient getService(
              Bundle bundle, ServiceRegistration<StreamClient> registration) {
            return register.client(instance);
          }

          @Override
          public void ungetService(
              Bundle bundle, ServiceRegistration<StreamClient> registration, StreamClient client) {
            client.close();
          }
        },
        FrameworkUtil.asDictionary(Map.of(StreamClient.STREAM_INSTANCE, instance)));
  }

  @Override
  public StreamClient client(String instance) {
    return register.client(instance);
  }

  @Override
  public void deploy(String source, String manifest) throws ManifestException {
    register.deploy(source, manifest);
  }

  @Override
  public void undeploy(String source) {
    register.undeploy(source);
  }

  @Override
  public Map<String, List<StreamDefinition>> instances() {
    return register.instances();
  }

  @Override
  public Map<String, Set<String>> sources() {
    return register.sources();
  }

  @Override
  public Set<String> types() {
    return register.types();
  }

  @Override
  public List<StreamInfo> streams() {
    return register.streams();
  }
}
