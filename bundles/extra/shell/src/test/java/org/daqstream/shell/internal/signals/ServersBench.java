/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import static org.junit.Assert.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.Loss;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;
import org.daqstream.server.api.ServerStatus.PublishCost;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.StubServices;
import org.daqstream.signal.api.CanFrame;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.junit.Before;

/** Signals and a server with a client, as the commands find them. */
abstract class ServersBench {
  static final String NAME = "client-1";

  final StubServices services = new StubServices();
  final StubMonitor monitor = new StubMonitor();

  /** A server with one client and one signal. */
  static final class StubMonitor implements ServerMonitor {
    final List<String> disconnected = new ArrayList<>();
    final List<ClientStatus> clients = new ArrayList<>();
    final List<Loss> losses = new ArrayList<>();
    long sentBytes = 1_000_000;

    @Override
    public String name() {
      return "default";
    }

    @Override
    public List<String> endpoints() {
      return List.of("ws://0.0.0.0:7414/", "http://0.0.0.0:7438/");
    }

    @Override
    public ServerStatus status() {
      return new ServerStatus(
          Instant.EPOCH,
          clients.size(),
          16_777_216,
          3,
          sentBytes,
          sentBytes / 1000,
          Map.of(ServerEvent.CONNECTED, 4L, ServerEvent.TOO_SLOW, 1L),
          List.of(new PublishCost(128, 98), new PublishCost(8192, 2)),
          20_000);
    }

    @Override
    public List<ClientStatus> clients() {
      return clients;
    }

    @Override
    public List<SignalTraffic> signals() {
      return List.of(new SignalTraffic("host/cpu/load", 2, 1, 5000, sentBytes / 1000, sentBytes));
    }

    @Override
    public List<Loss> losses() {
      return losses;
    }

    @Override
    public boolean disconnect(String name, String reason) {
      disconnected.add(name + " " + reason);
      return clients.removeIf(client -> client.name().equals(name));
    }
  }

  @Before
  public void publish() throws Exception {
    SignalDescriptor time = SignalDescriptor.linearTime("host/time", 100_000_000);
    SignalDescriptor load =
        SignalDescriptor.value("host/cpu/load", DataTypes.REAL64)
            .name("CPU load")
            .description("All cores together.")
            .unit(Unit.PERCENT)
            .range(0, 100)
            .build();
    SignalDescriptor events = SignalDescriptor.explicitTime("can/time");
    SignalDescriptor frames =
        SignalDescriptor.value("can/frames", DataTypes.STRUCT).members(CanFrame.MEMBERS).build();
    services.states.add(new SignalState(time, "host/time", 1, true, "", Map.of()));
    services.states.add(
        new SignalState(load, "host/time", 1, true, "", Map.of(WriteResult.ACCEPTED, 12L)));
    services.states.add(new SignalState(events, "can/time", 1, true, "", Map.of()));
    services.states.add(
        new SignalState(frames, "can/time", 1, false, "no writer for the type 'struct'", Map.of()));
    services.monitors.add(monitor);
    monitor.clients.add(client(NAME, 40_000));
  }

  static ClientStatus client(String name, int port) throws Exception {
    return new ClientStatus(
        name,
        new InetSocketAddress(InetAddress.getByName("192.0.2.7"), port),
        "openDAQ/3.30",
        "standard",
        Instant.EPOCH,
        List.of("host/time", "host/cpu/load"),
        3,
        1_000_000,
        1000,
        0);
  }

  String refused(DeclaredCommand command, String... arguments) {
    return assertThrows(CommandException.class, () -> services.run(command, arguments))
        .getMessage();
  }
}
