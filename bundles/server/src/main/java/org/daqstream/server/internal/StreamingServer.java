/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.util.Map;
import org.daqstream.config.support.Configured;
import org.daqstream.server.api.HttpPage;
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

/**
 * The component: a server with the configuration of its PID, or one for each factory configuration.
 * A configuration that cannot be used is said in one line; a running server then goes on with its
 * old one.
 */
@Component(
    configurationPid = StreamingServer.PID,
    configurationPolicy = ConfigurationPolicy.OPTIONAL,
    service = {},
    immediate = true)
@Designate(ocd = StreamingServer.Config.class, factory = true)
public final class StreamingServer {
  /** Configuration PID and factory PID. */
  static final String PID = "org.daqstream.server";

  private static final Logger LOG = LoggerFactory.getLogger("org.daqstream.server");

  /** Keys, defaults and meanings; the values are checked by {@link ServerConfiguration}. */
  @ObjectClassDefinition(
      name = "daqstream streaming server",
      description = "Streams signals to openDAQ clients over WebSocket.")
  @interface Config {
    /** Local address. */
    @AttributeDefinition(
        description = "Address or host name to listen on; empty for all, IPv4 and IPv6")
    String host() default "";

    /** Streaming port. */
    @AttributeDefinition(
        description = "TCP port of the WebSocket; 0 takes a free one",
        min = "0",
        max = "65535")
    int port() default 7414;

    /** Control port. */
    @AttributeDefinition(
        description =
            "TCP port told to clients for HTTP commands; both ports serve both; 0 takes a free one",
        min = "0",
        max = "65535")
    int controlPort() default 7438;

    /** Path. */
    @AttributeDefinition(description = "Path of upgrade and commands; '/' accepts any")
    String path() default "/";

    /** Size of the ring. */
    @AttributeDefinition(
        description =
            "Bytes of the ring that all clients read from: what a client may be behind before it is disconnected",
        min = "1048576",
        max = "1073741824")
    int ringBytes() default 16 << 20;

    /** Largest data packet. */
    @AttributeDefinition(
        description = "Most bytes of one data frame; 'ws-streaming' clients get at most 2000",
        min = "256",
        max = "65535")
    int frameBytes() default 65_535;

    /** Send buffer. */
    @AttributeDefinition(
        description = "Bytes of each socket's send buffer; 0 leaves it to the operating system",
        min = "0",
        max = "1073741824")
    int sendBufferBytes() default 0;

    /** Clients. */
    @AttributeDefinition(description = "Most clients at a time", min = "1", max = "100000")
    int clients() default 1_000;

    /** Clients of one address. */
    @AttributeDefinition(
        description = "Most clients at a time from one address",
        min = "1",
        max = "100000")
    int clientsPerAddress() default 1_000;

    /** Connections before the upgrade. */
    @AttributeDefinition(
        description = "Most connections that have not become a client",
        min = "1",
        max = "100000")
    int pendingConnections() default 256;

    /** Incoming messages. */
    @AttributeDefinition(
        description = "Most bytes of a message from a client",
        min = "1024",
        max = "16777216")
    int messageBytes() default 1 << 20;

    /** Outgoing messages. */
    @AttributeDefinition(
        description =
            "Bytes of answers that may wait for a client that does not read before it is disconnected",
        min = "65536",
        max = "1073741824")
    int pendingBytes() default 16 << 20;

    /** Incoming requests. */
    @AttributeDefinition(
        description = "Most bytes of an HTTP command",
        min = "1024",
        max = "16777216")
    int requestBytes() default 1 << 20;

    /** Patience before the upgrade. */
    @AttributeDefinition(
        description = "Milliseconds in which a connection must send a complete request",
        min = "100",
        max = "3600000")
    int requestTimeoutMs() default 10_000;

    /** Patience at the end. */
    @AttributeDefinition(
        description = "Milliseconds that a client gets to finish the closing handshake",
        min = "100",
        max = "60000")
    int closeTimeoutMs() default 2_000;

    /** Lag messages. */
    @AttributeDefinition(
        description =
            "Milliseconds between 'alive' messages that tell a client how full the ring is for it; 0 for none",
        min = "0",
        max = "60000")
    int aliveIntervalMs() default 0;

    /** Keeping quiet connections alive. */
    @AttributeDefinition(
        description =
            "Milliseconds without data after which a client is pinged, so that a dead connection is noticed; 0 for never. Clients need not answer",
        min = "0",
        max = "3600000")
    int pingIntervalMs() default 30_000;

    /** Browser pages. */
    @AttributeDefinition(description = "Origins whose pages may connect; '*' for all")
    String[] allowedOrigins() default "*";
  }

  private final BundleContext context;
  private final Configured<ServerConfiguration> configured =
      new Configured<>(
          Config.class, PID, "the server is not started", LOG, ServerConfiguration::of);
  private final HttpPages pages = new HttpPages();
  private final String name;
  private RunningServer running;

  /** Starts with the configuration; called by DS. */
  @Activate
  public StreamingServer(BundleContext context, Map<String, Object> properties) {
    this.context = context;
    this.name = name(properties);
    modified(properties);
  }

  /** Takes another configuration; called by DS. Drops clients only for another socket or ring. */
  @Modified
  void modified(Map<String, Object> properties) {
    configured.take(properties, this::use);
  }

  private void use(ServerConfiguration wanted) {
    if (running != null && running.takeOver(wanted)) {
      LOG.info("{}: configuration taken over, clients stay", name);
    } else if (running != null && running.isInTheWayOf(wanted)) {
      replaceInPlace(wanted);
    } else {
      final RunningServer old = running;
      running = start(wanted);
      stop(old);
    }
  }

  /** With a port that stays the same the old server has to go first; it comes back on failure. */
  private void replaceInPlace(ServerConfiguration configuration) {
    final ServerConfiguration before = running.configuration();
    stop();
    try {
      running = start(configuration);
    } catch (RuntimeException e) {
      running = start(before);
      throw e;
    }
  }

  /** Disconnects clients and ends; called by DS. */
  @Deactivate
  void stop() {
    final RunningServer old = running;
    running = null;
    stop(old);
  }

  private static void stop(RunningServer old) {
    if (old != null) {
      old.stop();
    }
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removePage")
  void addPage(HttpPage page, Map<String, Object> properties) {
    pages.add(page, properties);
  }

  void removePage(HttpPage page) {
    pages.remove(page);
  }

  /** The part that tells one factory configuration from the others. */
  private static String name(Map<String, Object> properties) {
    final String pid = String.valueOf(properties.getOrDefault("service.pid", PID));
    return pid.startsWith(PID + "~") ? pid.substring(PID.length() + 1) : "default";
  }

  private RunningServer start(ServerConfiguration configuration) {
    try {
      return new RunningServer(context, name, pages, configuration);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("the server does not start", e);
    }
  }
}
