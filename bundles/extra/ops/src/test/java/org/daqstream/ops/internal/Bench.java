/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.config.support.Values;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.recorder.api.RecorderStatus;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.relay.SignalRelay;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.module.ModuleHost;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleTraffic;

/** A server, a registry and a register that say what the test wants. */
final class Bench {
  final FakeServer server = new FakeServer();
  final List<ServerMonitor> servers = new ArrayList<>(List.of(server));
  final List<SignalState> signals = new ArrayList<>();
  final List<StreamInfo> streams = new ArrayList<>();
  final List<SignalRegistry> registries =
      new ArrayList<>(List.of(answering(SignalRegistry.class, "signals", signals)));
  final List<Recorder> recorders = new ArrayList<>();
  final List<SignalRelay> relays = new ArrayList<>();
  final List<ModuleStatus> modules = new ArrayList<>();
  final List<ModuleTraffic> traffic = new ArrayList<>();
  final List<StreamRegister> registers =
      new ArrayList<>(List.of(answering(StreamRegister.class, "streams", streams)));

  final List<ModuleHost> moduleHosts = new ArrayList<>();

  final class Host implements ModuleHost {
    @Override
    public List<ModuleStatus> modules() {
      return List.copyOf(modules);
    }

    @Override
    public List<ModuleTraffic> traffic() {
      return List.copyOf(traffic);
    }

    @Override
    public long refused() {
      return 8;
    }
  }

  /** A service that answers one question and no other. */
  private static <T> T answering(Class<T> type, String question, List<?> answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getName().equals(question)) {
                return List.copyOf(answer);
              }
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  Metrics collect() {
    return collect(Map.of());
  }

  Metrics collect(Map<String, ?> configuration) {
    return new MetricCollector(
            servers,
            registries,
            registers,
            moduleHosts,
            recorders,
            relays,
            Settings.of(Values.of(Operations.Config.class, configuration)).limits())
        .collect();
  }

  void addSignal(String id, boolean available, String reason) {
    signals.add(
        new SignalState(
            SignalDescriptor.value(id, DataTypes.REAL64).build(),
            "time",
            1,
            available,
            reason,
            Map.of(WriteResult.ACCEPTED, 3L)));
  }

  void addRecorder(String name, RecorderStatus status) {
    recorders.add(
        new Recorder() {
          @Override
          public String name() {
            return name;
          }

          @Override
          public RecorderStatus status() {
            return status;
          }

          @Override
          public void start() {}

          @Override
          public void stop() {}
        });
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
}
