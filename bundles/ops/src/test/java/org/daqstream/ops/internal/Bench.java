/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamStatistics;

/** A server, a registry and a register that say what the test wants. */
final class Bench implements SignalRegistry, StreamRegister {
  final Services services = new Services();
  final FakeServer server = new FakeServer();
  final List<SignalState> signals = new ArrayList<>();
  final List<StreamInfo> streams = new ArrayList<>();

  Bench() {
    services.servers.add(server);
    services.signals.add(this);
    services.streams.add(this);
  }

  Metrics collect() {
    return collect(Map.of());
  }

  Metrics collect(Map<String, ?> configuration) {
    return new Collector(services, Settings.of(configuration).limits()).collect();
  }

  void addSignal(String id, boolean available, String reason) {
    signals.add(
        new SignalState(
            SignalDescriptor.value(id, DataTypes.REAL64).build(),
            "time",
            available,
            reason,
            Map.of(WriteResult.ACCEPTED, 3L)));
  }

  void addStream(int handle) {
    streams.add(
        new StreamInfo(
            "camera",
            handle,
            new StreamDefinition("frames", "nng", StreamDirection.OUT, Map.of()),
            "",
            -1,
            new StreamStatistics(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, "reset by peer")));
  }

  @Override
  public SignalTable openTable(SignalDescriptor domain) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SignalPort open(SignalDescriptor domain, SignalDescriptor value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<SignalState> signals() {
    return List.copyOf(signals);
  }

  @Override
  public StreamClient client(String instance) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void deploy(String source, String manifest) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void undeploy(String source) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, List<StreamDefinition>> instances() {
    return Map.of();
  }

  @Override
  public Set<String> types() {
    return Set.of();
  }

  @Override
  public List<StreamInfo> streams() {
    return List.copyOf(streams);
  }
}
