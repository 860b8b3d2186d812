/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.config.support.Values;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.Loss;
import org.daqstream.server.internal.Doubles;
import org.daqstream.server.internal.Peer;
import org.daqstream.server.internal.access.Roles;
import org.daqstream.server.internal.fanout.FanOut;
import org.daqstream.server.internal.fanout.ServerLimits;
import org.daqstream.server.internal.fanout.ServerStatistics;
import org.daqstream.server.internal.web.Authenticators;
import org.daqstream.server.internal.web.ConnectionGuard;
import org.daqstream.server.internal.web.HttpPages;
import org.daqstream.server.internal.web.InputBudget;
import org.daqstream.server.internal.web.PeerIntake;
import org.daqstream.server.internal.web.PeerTakers;
import org.daqstream.server.internal.web.Ports;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.junit.rules.ExternalResource;

/**
 * A server on ephemeral loopback ports, published to directly. As a rule of a test, or in a try
 * block, it ends with it, as do the peers that it connected.
 */
public final class TestServer extends ExternalResource implements AutoCloseable {
  public static final long DELTA = 1_000_000;

  public final HttpPages pages = new HttpPages();
  public final PeerTakers takers = new PeerTakers();
  public final Authenticators authenticators = new Authenticators();
  public final Roles roles = new Roles();
  final ServerInstance instance;
  private final List<Peer> peers = new ArrayList<>();

  public TestServer(Object... keysAndValues) {
    ServerSettings settings = onFreePorts(keysAndValues);
    try (Ports ports = new Ports(settings.ports())) {
      instance =
          new ServerInstance(settings, ports, new Shared(pages, takers, authenticators, roles));
    } catch (RuntimeException e) {
      throw e; // as who starts it sees it
    } catch (Exception e) {
      throw new IllegalStateException("the server does not start", e);
    }
  }

  /** A configuration for any free ports of this machine. */
  static ServerSettings onFreePorts(Object... keysAndValues) {
    Map<String, Object> values = new HashMap<>();
    values.put("host", "127.0.0.1");
    values.put("port", 0);
    values.put("controlPort", 0);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return configuration(values);
  }

  public static ServerSettings configuration(Map<String, ?> values) {
    return ServerSettings.of(Servers.PID, Values.of(ServerConfig.class, values));
  }

  /** The limits of a configuration. */
  public static ServerLimits limits(Map<String, ?> values) {
    return configuration(values).limits();
  }

  public SignalSink sink() {
    return instance.sink();
  }

  public FanOut fanOut() {
    return instance.fanOut();
  }

  public ConnectionGuard guard() {
    return instance.guard();
  }

  public InputBudget budget() {
    return instance.budget();
  }

  public PeerIntake intake() {
    return instance.intake();
  }

  public ServerStatistics statistics() {
    return instance.statistics();
  }

  /** The clients as operating tools see them. */
  public List<ClientStatus> clients() {
    return new Monitor("test", List.of(), instance.fanOut(), null, null).clients();
  }

  /** The holes in what clients got. */
  public List<Loss> losses() {
    return new Monitor("test", List.of(), instance.fanOut(), null, null).losses();
  }

  public int port() {
    return instance.addresses().get(0).getPort();
  }

  public int controlPort() {
    return instance.addresses().get(1).getPort();
  }

  public int metricsPort() {
    return instance.addresses().get(2).getPort();
  }

  /** A greeted client, which ends with the server. */
  public Peer connect(String... headers) {
    try {
      Peer peer = Peer.connect(port(), headers);
      peers.add(peer);
      return peer;
    } catch (Exception e) {
      throw new IllegalStateException("no client can connect", e);
    }
  }

  /** A table with a linear time domain. */
  public TableTap table(String domainId) {
    return instance.sink().openTable(SignalDescriptor.linearTime(domainId, DELTA));
  }

  /** A real64 signal. */
  public static SignalTap signal(TableTap table, String signalId) {
    return table.openSignal(SignalDescriptor.value(signalId, "real64").build(), new Doubles());
  }

  /** Waits until the fan-out has seen all that is published up to now. */
  public void awaitTurn() {
    long turns = fanOut().turns();
    while (fanOut().turns() < turns + 2) {
      fanOut().onAppend();
      Thread.onSpinWait();
    }
  }

  @Override
  protected void after() {
    close();
  }

  @Override
  public void close() {
    try {
      for (Peer peer : peers) {
        peer.close();
      }
      instance.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the server does not stop", e);
    }
  }
}
