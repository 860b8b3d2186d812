/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.config.support.Configured;
import org.daqstream.stream.api.StreamClient;
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
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register as a service, fed with transports by the whiteboard. For each deployed instance it
 * publishes a {@link StreamClient}: every bundle that asks gets one of its own (with prototype
 * scope every component), which is closed when it is let go.
 */
@Component(
    immediate = true,
    service = StreamRegister.class,
    configurationPid = RegisterComponent.PID)
@Designate(ocd = RegisterComponent.Config.class)
@Capability(
    namespace = "osgi.service",
    attribute = "objectClass:List<String>=\"org.daqstream.stream.api.StreamClient\"")
public final class RegisterComponent extends Register {
  static final String PID = "org.daqstream.stream.register";

  private static final Logger LOG = LoggerFactory.getLogger(RegisterComponent.class);

  /** Configuration of the register; a change takes effect for streams opened afterwards. */
  @ObjectClassDefinition(
      name = "daqstream stream register",
      description = "Limits and deadlines of the streams between modules.")
  @interface Config {
    @AttributeDefinition(
        name = "Strict types",
        description =
            "Refuse a manifest with an unknown stream type or a port given as a number, as the C"
                + " code does. Off: an unknown type is accepted and can be opened once its bundle"
                + " is there.")
    boolean strictTypes() default false;

    @AttributeDefinition(
        name = "Queue messages",
        description = "Per input: at so many waiting chunks or messages reading stops.",
        min = "1",
        max = "16777216")
    int queueMessages() default 65_536;

    @AttributeDefinition(
        name = "Queue bytes",
        description = "Per input: at so many waiting bytes reading stops.",
        min = "1",
        max = "1099511627776")
    long queueBytes() default 4_194_304;

    @AttributeDefinition(
        name = "Flush timeout (ms)",
        description = "How long a close goes on sending what is queued, unless the module says.",
        min = "0",
        max = "3600000")
    long flushTimeoutMs() default 5000;

    @AttributeDefinition(
        name = "Leave timeout (ms)",
        description =
            "How long streams go on sending when their transport leaves or their definition"
                + " changes.",
        min = "0",
        max = "3600000")
    long leaveTimeoutMs() default 1000;
  }

  private final BundleContext context;
  private final Configured<Settings> configured =
      new Configured<>(Config.class, PID, "the defaults hold", LOG, Settings::of);
  private final Map<String, ServiceRegistration<StreamClient>> published =
      new ConcurrentHashMap<>();

  /** Starts with nothing deployed, and with the defaults when the configuration is wrong. */
  @Activate
  public RegisterComponent(BundleContext context, Map<String, Object> properties) {
    super(Settings.DEFAULTS);
    this.context = context;
    modified(properties);
  }

  @Modified
  void modified(Map<String, Object> properties) {
    configured.take(properties, this::configure);
  }

  /** Unregistering lets DS components go, which closes their clients. */
  @Deactivate
  void deactivate() {
    close();
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindTransport(StreamTransport transport, Map<String, Object> properties) {
    if (!(properties.get(StreamTransport.STREAM_TYPE) instanceof String type) || type.isEmpty()) {
      LOG.error("transport {} has no service property {}", transport, StreamTransport.STREAM_TYPE);
      remove(transport);
      return;
    }
    int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer rank ? rank : 0;
    long id = (Long) properties.get(Constants.SERVICE_ID);
    add(new Transports.Entry(transport, type, ranking, id));
    LOG.info("stream type '{}' is there", type);
  }

  void updatedTransport(StreamTransport transport, Map<String, Object> properties) {
    bindTransport(transport, properties);
  }

  void unbindTransport(StreamTransport transport, Map<String, Object> properties) {
    remove(transport);
    LOG.info("stream type '{}' left", properties.get(StreamTransport.STREAM_TYPE));
  }

  @Override
  void publish(Set<String> instances) {
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
            return client(instance);
          }

          @Override
          public void ungetService(
              Bundle bundle, ServiceRegistration<StreamClient> registration, StreamClient client) {
            client.close();
          }
        },
        FrameworkUtil.asDictionary(Map.of(StreamClient.STREAM_INSTANCE, instance)));
  }
}
