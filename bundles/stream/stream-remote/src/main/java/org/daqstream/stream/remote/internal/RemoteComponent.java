/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.base.support.Home;
import org.daqstream.config.support.Configured;
import org.daqstream.security.api.Authenticator;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.module.ModuleHost;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleTraffic;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for modules as long as it is configured; a changed configuration begins anew. */
@Component(
    immediate = true,
    service = ModuleHost.class,
    configurationPid = RemoteComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RemoteComponent.Config.class)
public final class RemoteComponent implements ModuleHost {
  static final String PID = "org.daqstream.stream.remote";

  private static final Logger LOG = LoggerFactory.getLogger(RemoteComponent.class);

  /** Keys, defaults and meanings. */
  @ObjectClassDefinition(
      name = "daqstream streams for other processes",
      description = "Where modules in processes of their own connect, and what they may.")
  @interface Config {
    @AttributeDefinition(
        description =
            "File of the Unix domain socket, at most 100 characters; a relative path stands"
                + " against the folder of the runtime. Empty: none")
    String socket() default "run/streams.sock";

    @AttributeDefinition(
        description = "Let processes of other users connect to the socket, with a token")
    boolean others() default false;

    @AttributeDefinition(
        description = "Address to listen on for TCP with TLS. Empty: not at all",
        required = false)
    String host() default "";

    @AttributeDefinition(description = "Port of TCP; 0 for any", min = "0", max = "65535")
    int port() default 7440;

    @AttributeDefinition(description = "PEM file with the certificate, for host", required = false)
    String tls_certificate() default "";

    @AttributeDefinition(
        description = "PEM file with its key, without a password",
        required = false)
    String tls_key() default "";

    @AttributeDefinition(
        description =
            "PEM file with certificates that vouch for those of modules. Empty: modules are not"
                + " asked for one",
        required = false)
    String tls_ca() default "";

    @AttributeDefinition(description = "Instances that may connect, with wildcards")
    String[] instances() default "**";

    @AttributeDefinition(
        description =
            "Role that a token or certificate needs: this one for any instance, with a dot and the"
                + " instance behind it for that one")
    String role() default "module";

    @AttributeDefinition(description = "Most connections", min = "1", max = "10000")
    int modulesMax() default 64;

    @AttributeDefinition(description = "Most open streams of a module", min = "1", max = "10000")
    int streamsMax() default 64;

    @AttributeDefinition(
        description = "Messages of an output that may be on their way to its queue",
        min = "1",
        max = "1000000")
    int windowMessages() default 16_384;

    @AttributeDefinition(
        description = "Bytes of an output that may be on their way to its queue",
        min = "1024",
        max = "1073741824")
    int windowBytes() default 1_048_576;

    @AttributeDefinition(
        description = "Longest message, either way",
        min = "1024",
        max = "1073741824")
    int messageBytesMax() default 67_108_864;

    @AttributeDefinition(
        description =
            "How long the streams of a module that is gone go on sending, and those of one that"
                + " does not say how long",
        min = "0",
        max = "3600000")
    int flushTimeoutMs() default 5_000;
  }

  private final StreamRegister register;
  private final Configured<Settings> configured;
  private final List<Authenticator> authenticators = new CopyOnWriteArrayList<>();
  private ModuleHub hub; // null: nothing to listen on; guarded by this
  private volatile ModuleHub current;

  /** Begins to listen; called by DS. */
  @Activate
  public RemoteComponent(
      @Reference StreamRegister register, BundleContext context, Map<String, ?> properties) {
    this.register = register;
    configured =
        new Configured<>(
            Config.class,
            PID,
            "modules cannot connect",
            LOG,
            values -> Settings.of(values, Home.of(context::getProperty)));
    modified(properties);
  }

  @Modified
  synchronized void modified(Map<String, ?> properties) {
    configured.take(properties, this::begin);
  }

  private synchronized void begin(Settings settings) {
    stop();
    hub = new ModuleHub(settings, register, new Admission(settings, authenticators));
    current = hub;
    hub.start();
  }

  /** Closes everything; called by DS. */
  @Deactivate
  synchronized void stop() {
    if (hub != null) {
      hub.stop();
      hub = null;
      current = null;
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindAuthenticator(Authenticator authenticator) {
    authenticators.add(authenticator);
  }

  void unbindAuthenticator(Authenticator authenticator) {
    authenticators.remove(authenticator);
  }

  @Override
  public List<ModuleStatus> modules() {
    ModuleHub now = current;
    return now == null ? List.of() : now.modules();
  }

  @Override
  public List<ModuleTraffic> traffic() {
    ModuleHub now = current;
    return now == null ? List.of() : now.traffic();
  }

  @Override
  public long refused() {
    ModuleHub now = current;
    return now == null ? 0 : now.refused();
  }

  @Override
  public boolean requestStop(String instance) {
    ModuleHub now = current;
    return now != null && now.requestStop(instance);
  }
}
