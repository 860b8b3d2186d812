/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;

/** The sockets: accepts connections on both ports and hands requests to {@link HttpHandler}. */
public final class Listener {
  private static final int THREADS_MAX = 48;
  public static final long SWEEP_MS = 250;
  private static final long ACCEPT_RETRY_MS = 100;

  private final PortSettings settings;
  private final Ports ports;
  private final ConnectionGuard guard;
  private final ServerStatistics statistics;
  private final Server server;
  private final Scheduler scheduler;
  private final WebSocketComponents components;
  private final TlsDoor tls; // null: none
  private final List<ServerConnector> connectors = new ArrayList<>();
  private volatile Scheduler.Task nextSweep;
  private volatile boolean stopped;

  public Listener(
      PortSettings settings, Ports ports, ConnectionGuard guard, ServerStatistics statistics)
      throws IOException {
    this.settings = settings;
    this.ports = ports;
    this.guard = guard;
    this.statistics = statistics;
    tls = settings.tls() == null ? null : new TlsDoor(settings.tls(), statistics);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS_MAX, 1);
    threads.setName("daqstream");
    threads.setDaemon(true);
    scheduler = new ScheduledExecutorScheduler("daqstream-timer", true);
    server = new Server(threads, scheduler, null);
    server.setStopTimeout(0);
    components =
        new WebSocketComponents(null, null, server.getByteBufferPool(), null, null, threads);
    server.addBean(components, true);
  }

  public WebSocketComponents components() {
    return components;
  }

  /**
   * Opens both ports, refusing the key of one that cannot be opened, and sweeps every {@value
   * #SWEEP_MS} ms; that must not throw.
   */
  public void start(HttpHandler handler, Runnable sweep) throws Exception {
    server.setHandler(handler);
    server.setErrorHandler(handler::refuse);
    addConnector(PortSettings.PORT, settings.port());
    addConnector(PortSettings.CONTROL_PORT, settings.controlPort());
    if (settings.hasMetricsPort()) {
      addConnector(PortSettings.METRICS_PORT, settings.metricsPort());
      handler.setMetricsPort(connectors.get(2).getLocalPort());
    }
    handler.setCommandPort(connectors.get(1).getLocalPort());
    handler.setPorts(
        connectors.stream()
            .limit(2)
            .map(ServerConnector::getLocalPort)
            .collect(Collectors.toSet()));
    server.start();
    scheduleSweep(sweep);
  }

  private void addConnector(String key, int port) throws IOException {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
    http.setHttpCompliance(
        HttpCompliance.RFC7230.with("daqstream", HttpCompliance.Violation.UNSAFE_HOST_HEADER));
    http.setUseInputDirectByteBuffers(false);
    HttpConnectionFactory next = new HttpConnectionFactory(http);
    ServerConnector connector =
        tls == null
            ? new PatientConnector(next)
            : new PatientConnector(tls.factory(http, next), next);
    connector.setHost(settings.isForAll() ? null : settings.host());
    connector.setPort(port);
    connector.setIdleTimeout(0); // the guard has one rule for all that wait
    connector.setAcceptedTcpNoDelay(true);
    if (settings.sendBufferBytes() > 0) {
      connector.setAcceptedSendBufferSize(settings.sendBufferBytes());
    }
    connector.addBean(guard, false);
    connectors.add(connector);
    connector.open(ports.take(key));
    server.addConnector(connector);
  }

  /** Goes on when it cannot accept a connection, as when there are no file descriptors left. */
  private final class PatientConnector extends ServerConnector {
    PatientConnector(ConnectionFactory... factories) {
      super(server, 1, 1, factories);
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(
        SocketChannel channel, ManagedSelector selector, SelectionKey key) {
      SocketChannelEndPoint endPoint =
          tls == null
              ? new HttpEndPoint(channel, selector, key, getScheduler())
              : new SocketChannelEndPoint(channel, selector, key, getScheduler());
      endPoint.setIdleTimeout(getIdleTimeout());
      return endPoint;
    }

    @Override
    protected void configure(Socket socket) {
      super.configure(socket);
      try {
        int grantedBytes = socket.getSendBufferSize();
        if (grantedBytes < settings.sendBufferBytes()) {
          statistics.smallSendBuffer(settings.sendBufferBytes(), grantedBytes);
        }
      } catch (SocketException e) {
        statistics.notAccepted(e);
      }
    }

    @Override
    protected boolean handleAcceptFailure(Throwable cause) {
      if (!isRunning() || !isOpen()) {
        return false;
      }
      statistics.notAccepted(cause);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ACCEPT_RETRY_MS));
      return true;
    }
  }

  /** A connection, of whose requests Jetty does not read what it would log. */
  private static final class HttpEndPoint extends SocketChannelEndPoint {
    private final RequestHead head = new RequestHead();

    HttpEndPoint(
        SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
      super(channel, selector, key, scheduler);
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
      return head.read(buffer, super.fill(buffer));
    }

    @Override
    public void upgrade(Connection newConnection) {
      head.end();
      super.upgrade(newConnection);
    }
  }

  /** Address and real port of each connector: first the streaming port, then the control port. */
  public List<InetSocketAddress> addresses() {
    String host = settings.isForAll() ? "0.0.0.0" : settings.host();
    return connectors.stream()
        .map(connector -> InetSocketAddress.createUnresolved(host, connector.getLocalPort()))
        .toList();
  }

  private void scheduleSweep(Runnable sweep) {
    if (!stopped) {
      nextSweep =
          scheduler.schedule(
              () -> {
                try {
                  sweep.run();
                  if (tls != null) {
                    tls.sweep(server.getThreadPool());
                  }
                } finally {
                  scheduleSweep(sweep);
                }
              },
              SWEEP_MS,
              TimeUnit.MILLISECONDS);
    }
  }

  /** Accepts nobody any more; connections stay. */
  public void stopAccepting() {
    connectors.forEach(ServerConnector::close);
  }

  /** Closes everything. */
  public void stop() throws Exception {
    stopped = true;
    connectors.forEach(ServerConnector::close);
    server.stop();
    if (nextSweep != null) {
      nextSweep.cancel();
    }
    server.destroy();
    if (tls != null) {
      tls.stop();
    }
  }
}
