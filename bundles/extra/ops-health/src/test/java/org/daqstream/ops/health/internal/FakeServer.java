/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;
import org.daqstream.server.api.SignalTraffic;

/** A server that listens and says what the test wants. */
final class FakeServer implements ServerMonitor, AutoCloseable {
  final ServerSocket socket;
  final List<ClientStatus> clients = new ArrayList<>();
  final Map<ServerEvent, Long> events = new EnumMap<>(ServerEvent.class);
  final String name;
  Instant startedAt = Instant.EPOCH;
  boolean hangs;

  FakeServer(String name) {
    this.name = name;
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void addClient(String name, int lagPercent) {
    clients.add(
        new ClientStatus(
            name,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711),
            "scope/1",
            "LT",
            Instant.EPOCH,
            List.of(),
            lagPercent,
            0,
            0,
            0));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> endpoints() {
    return List.of(
        "ws://0.0.0.0:" + socket.getLocalPort() + "/",
        "http://127.0.0.1:" + socket.getLocalPort() + "/");
  }

  @Override
  public ServerStatus status() {
    if (hangs) {
      throw new IllegalStateException("server " + name + " does not answer");
    }
    int lag = clients.stream().mapToInt(ClientStatus::lagPercent).max().orElse(0);
    return new ServerStatus(startedAt, clients.size(), 1 << 20, lag, 0, 0, events, List.of(), 0);
  }

  @Override
  public List<ClientStatus> clients() {
    return List.copyOf(clients);
  }

  @Override
  public List<SignalTraffic> signals() {
    return List.of();
  }

  @Override
  public boolean disconnect(String name, String reason) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
