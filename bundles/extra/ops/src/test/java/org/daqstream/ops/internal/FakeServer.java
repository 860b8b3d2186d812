/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;
import org.daqstream.server.api.ServerStatus.PublishCost;
import org.daqstream.server.api.SignalTraffic;

/** A server that says what the test wants. */
final class FakeServer implements ServerMonitor {
  final List<ClientStatus> clients = new ArrayList<>();
  final List<SignalTraffic> signals = new ArrayList<>();
  final Map<ServerEvent, Long> events = new EnumMap<>(ServerEvent.class);
  long sentBytes;
  boolean stopped;
  int asked;

  static ClientStatus client(String name, String userAgent, int lagPercent) {
    return new ClientStatus(
        name,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711),
        userAgent,
        "LT",
        Instant.ofEpochSecond(1_000),
        List.of("time", "v"),
        lagPercent,
        12_345_678_901L,
        77,
        5,
        new ClientStatus.Delivery("gap", 4_096, 250, 7));
  }

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public List<String> endpoints() {
    return List.of("ws://127.0.0.1:7414/", "http://127.0.0.1:7438/");
  }

  @Override
  public ServerStatus status() {
    asked++;
    if (stopped) {
      throw new IllegalStateException("server bench does not answer");
    }
    return new ServerStatus(
        Instant.ofEpochMilli(1_500),
        clients.size(),
        1 << 20,
        25,
        sentBytes,
        9,
        events,
        List.of(new PublishCost(32, 1), new PublishCost(128, 2), new PublishCost(1L << 30, 1)),
        1_000_000_250);
  }

  @Override
  public List<ClientStatus> clients() {
    return List.copyOf(clients);
  }

  @Override
  public List<SignalTraffic> signals() {
    return List.copyOf(signals);
  }

  @Override
  public boolean disconnect(String name, String reason) {
    throw new UnsupportedOperationException();
  }
}
