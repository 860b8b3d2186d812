/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.daqstream.ops.api.Metric.Bucket;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.recorder.api.RecorderStatus;
import org.daqstream.server.api.ClientStatus;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;
import org.daqstream.server.api.SignalTraffic;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.relay.RelayStatus;
import org.daqstream.signal.api.relay.SignalRelay;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamRegister;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.module.ModuleHost;
import org.daqstream.stream.api.module.ModuleStatus;
import org.daqstream.stream.api.module.ModuleTraffic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks everybody in the lists, which may change, once; any thread. */
record MetricCollector(
    List<ServerMonitor> servers,
    List<SignalRegistry> registries,
    List<StreamRegister> registers,
    List<ModuleHost> moduleHosts,
    List<Recorder> recorders,
    List<SignalRelay> relays,
    Settings.Limits limits) {
  private static final Logger LOG = LoggerFactory.getLogger(MetricCollector.class);

  /** Bounds of the histogram, whether met or not: from 64 ns to 17 ms, each twice the last. */
  private static final int FIRST_BOUND_LOG2_NANOS = 6;

  private static final int LAST_BOUND_LOG2_NANOS = 24;
  private static final double NANOS_PER_SECOND = 1e9;

  Metrics collect() {
    Metrics metrics = new Metrics();
    int clientsLeftOut = 0;
    int signalsLeftOut = 0;
    int streamsLeftOut = 0;
    for (ServerMonitor server : servers) {
      clientsLeftOut += server(server, metrics);
    }
    for (SignalRegistry registry : registries) {
      signalsLeftOut += some(registry.signals(), limits.signals(), each -> signal(each, metrics));
    }
    for (StreamRegister register : registers) {
      streamsLeftOut += some(register.streams(), limits.streams(), each -> stream(each, metrics));
    }
    moduleHosts.forEach(host -> host.modules().forEach(each -> module(each, metrics)));
    moduleHosts.forEach(host -> host.traffic().forEach(each -> traffic(each, metrics)));
    if (!moduleHosts.isEmpty()) {
      long refused = moduleHosts.stream().mapToLong(ModuleHost::refused).sum();
      metrics.add(Definition.MODULES_REFUSED, refused);
    }
    recorders.forEach(each -> recorder(each.name(), each.status(), metrics));
    relays.forEach(each -> relay(each.status(), metrics));
    metrics.add(Definition.LEFT_OUT, clientsLeftOut, "clients");
    metrics.add(Definition.LEFT_OUT, signalsLeftOut, "signals");
    metrics.add(Definition.LEFT_OUT, streamsLeftOut, "streams");
    return metrics;
  }

  /** Tells how many are left out. */
  private static <T> int some(List<T> all, int limit, Consumer<T> add) {
    all.stream().limit(limit).forEach(add);
    return Math.max(0, all.size() - limit);
  }

  /** Tells how many clients are left out. */
  private int server(ServerMonitor server, Metrics metrics) {
    String name = server.name();
    ServerStatus status;
    List<ClientStatus> clients;
    try {
      status = server.status();
      clients = server.clients();
    } catch (IllegalStateException e) { // it is stopping, or hangs
      LOG.debug("no metrics of server {}", name, e);
      metrics.add(Definition.SERVER_UP, 0, name);
      return 0;
    }
    metrics.add(Definition.SERVER_UP, 1, name);
    List<String> endpoints = server.endpoints();
    metrics.add(Definition.SERVER_INFO, 1, name, endpoints.get(0), endpoints.get(1));
    status(name, status, metrics);
    some(server.signals(), limits.signals(), each -> traffic(name, each, metrics));
    return some(clients, limits.clients(), each -> client(name, each, metrics));
  }

  private static void status(String server, ServerStatus status, Metrics metrics) {
    metrics.add(Definition.SERVER_START, seconds(status.startedAt()), server);
    metrics.add(Definition.SERVER_CLIENTS, status.clients(), server);
    metrics.add(Definition.SERVER_RING_BYTES, status.ringBytes(), server);
    metrics.add(Definition.SERVER_RING_USED, status.lagPercent() / 100.0, server);
    metrics.add(Definition.SERVER_SENT, status.sentBytes(), server);
    metrics.add(Definition.SERVER_PACKETS, status.deliveredPackets(), server);
    status.events().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            event ->
                metrics.add(
                    Definition.SERVER_EVENTS, event.getValue(), server, word(event.getKey())));
    metrics.add(
        Definition.PUBLISH_SECONDS,
        status.publishNanos() / NANOS_PER_SECOND,
        buckets(status.publishCosts()),
        server);
  }

  /** The same bounds at all times: a bucket that appears late would lose what it begins with. */
  private static List<Bucket> buckets(List<ServerStatus.PublishCost> costs) {
    List<Bucket> buckets = new ArrayList<>();
    for (int log2 = FIRST_BOUND_LOG2_NANOS; log2 <= LAST_BOUND_LOG2_NANOS; log2++) {
      long boundNanos = 1L << log2;
      buckets.add(
          new Bucket(
              boundNanos / NANOS_PER_SECOND,
              costs.stream()
                  .filter(cost -> cost.limitNanos() <= boundNanos)
                  .mapToLong(ServerStatus.PublishCost::count)
                  .sum()));
    }
    buckets.add(
        new Bucket(
            Double.POSITIVE_INFINITY,
            costs.stream().mapToLong(ServerStatus.PublishCost::count).sum()));
    return buckets;
  }

  private static void client(String server, ClientStatus client, Metrics metrics) {
    String id = client.name();
    metrics.add(
        Definition.CLIENT_INFO,
        1,
        server,
        id,
        ClientStatus.hostAndPort(client.address()),
        client.profile(),
        client.userAgent());
    metrics.add(Definition.CLIENT_CONNECTED, seconds(client.connectedAt()), server, id);
    metrics.add(Definition.CLIENT_SUBSCRIPTIONS, client.signalIds().size(), server, id);
    metrics.add(Definition.CLIENT_LAG, client.lagPercent() / 100.0, server, id);
    ClientStatus.Delivery delivery = client.delivery();
    metrics.add(Definition.CLIENT_LAG_BYTES, delivery.lagBytes(), server, id);
    metrics.add(Definition.CLIENT_LAG_SECONDS, delivery.lagMs() / 1000.0, server, id);
    metrics.add(Definition.CLIENT_CONTRACT, 1, server, id, delivery.contract());
    metrics.add(Definition.CLIENT_HOLES, delivery.holes(), server, id);
    metrics.add(Definition.CLIENT_SENT, client.sentBytes(), server, id);
    metrics.add(Definition.CLIENT_PACKETS, client.deliveredPackets(), server, id);
    metrics.add(Definition.CLIENT_PENDING, client.pendingBytes(), server, id);
  }

  private static void traffic(String server, SignalTraffic signal, Metrics metrics) {
    String id = signal.signalId();
    metrics.add(Definition.TRAFFIC_SUBSCRIBERS, signal.subscribers(), server, id);
    metrics.add(Definition.TRAFFIC_PACKETS, signal.packets(), server, id);
    metrics.add(Definition.TRAFFIC_BYTES, signal.bytes(), server, id);
  }

  private static void signal(SignalState signal, Metrics metrics) {
    String id = signal.descriptor().signalId();
    metrics.add(
        Definition.SIGNAL_INFO,
        1,
        id,
        signal.tableId(),
        signal.descriptor().dataType(),
        signal.reason());
    metrics.add(Definition.SIGNAL_AVAILABLE, signal.available() ? 1 : 0, id);
    if (!id.equals(signal.tableId())) {
      for (WriteResult result : WriteResult.values()) {
        metrics.add(
            Definition.SIGNAL_BLOCKS, signal.blocks().getOrDefault(result, 0L), id, word(result));
      }
    }
  }

  private static void stream(StreamInfo stream, Metrics metrics) {
    String[] of = {stream.instance(), stream.definition().name(), String.valueOf(stream.handle())};
    StreamStatistics counted = stream.statistics();
    metrics.add(
        Definition.STREAM_INFO,
        1,
        of[0],
        of[1],
        of[2],
        stream.definition().type(),
        word(stream.definition().direction()));
    metrics.add(Definition.STREAM_ENDED, stream.ended().isEmpty() ? 0 : 1, of);
    metrics.add(Definition.STREAM_PEERS, counted.peers(), of);
    metrics.add(Definition.STREAM_MESSAGES, counted.messages(), of);
    metrics.add(Definition.STREAM_BYTES, counted.bytes(), of);
    metrics.add(Definition.STREAM_QUEUED_MESSAGES, counted.queuedMessages(), of);
    metrics.add(Definition.STREAM_QUEUED_BYTES, counted.queuedBytes(), of);
    metrics.add(Definition.STREAM_REJECTED, counted.rejected(), of);
    metrics.add(Definition.STREAM_LOST_MESSAGES, counted.lostMessages(), of);
    metrics.add(Definition.STREAM_LOST_BYTES, counted.lostBytes(), of);
    metrics.add(Definition.STREAM_CONNECTS, counted.connects(), of);
    metrics.add(Definition.STREAM_DISCONNECTS, counted.disconnects(), of);
    metrics.add(Definition.STREAM_PAUSES, counted.pauses(), of);
  }

  private static void module(ModuleStatus status, Metrics metrics) {
    String[] of = {status.instance(), status.kind()};
    for (ModuleStatus.State each : ModuleStatus.State.values()) {
      metrics.add(
          Definition.MODULE_STATE, each == status.state() ? 1 : 0, of[0], of[1], word(each));
    }
    if (status.memoryBytes() >= 0) {
      metrics.add(Definition.MODULE_MEMORY, status.memoryBytes(), of);
    }
    if (status.busyNanos() >= 0) {
      metrics.add(Definition.MODULE_BUSY, status.busyNanos() / NANOS_PER_SECOND, of);
    }
    metrics.add(Definition.MODULE_EVENTS, status.events(), of);
    metrics.add(Definition.MODULE_FAILURES, status.failures(), of);
    metrics.add(Definition.MODULE_UPDATES, status.updates(), of);
  }

  private static void traffic(ModuleTraffic traffic, Metrics metrics) {
    String[] of = {traffic.instance(), traffic.kind()};
    metrics.add(Definition.MODULE_CONNECTED, seconds(traffic.since()), of);
    metrics.add(Definition.MODULE_RECEIVED, traffic.received(), of);
    metrics.add(Definition.MODULE_RECEIVED_BYTES, traffic.receivedBytes(), of);
    metrics.add(Definition.MODULE_SENT, traffic.sent(), of);
    metrics.add(Definition.MODULE_SENT_BYTES, traffic.sentBytes(), of);
    metrics.add(Definition.MODULE_LOST, traffic.lost(), of);
  }

  private static void recorder(String name, RecorderStatus status, Metrics metrics) {
    for (RecorderState each : RecorderState.values()) {
      metrics.add(Definition.RECORDER_STATE, each == status.state() ? 1 : 0, name, word(each));
    }
    metrics.add(Definition.RECORDER_SIGNALS, status.signals(), name);
    metrics.add(Definition.RECORDER_SAMPLES, status.samples(), name);
    metrics.add(Definition.RECORDER_BYTES, status.bytes(), name);
    metrics.add(Definition.RECORDER_HOLES, status.holes(), name);
    metrics.add(Definition.RECORDER_LOST, status.lostSamples(), name);
    metrics.add(Definition.RECORDER_BUFFERED, status.bufferedRatio(), name);
    if (status.freeBytes() >= 0) {
      metrics.add(Definition.RECORDER_FREE, status.freeBytes(), name);
    }
  }

  private static void relay(RelayStatus status, Metrics metrics) {
    String[] of = {status.name(), word(status.direction())};
    metrics.add(Definition.RELAY_INFO, 1, of[0], of[1], status.kind(), status.peer());
    metrics.add(Definition.RELAY_CONNECTED, status.peer().isEmpty() ? 0 : 1, of);
    metrics.add(Definition.RELAY_SIGNALS, status.signals().size(), of);
    metrics.add(
        Definition.RELAY_WANTED,
        status.signals().stream().filter(RelayStatus.RelayedSignal::isWanted).count(),
        of);
    metrics.add(Definition.RELAY_MESSAGES, status.messages(), of);
    metrics.add(Definition.RELAY_BLOCKS, status.blocks(), of);
    metrics.add(Definition.RELAY_SAMPLES, status.samples(), of);
    metrics.add(Definition.RELAY_BYTES, status.bytes(), of);
    metrics.add(Definition.RELAY_MISSING, status.missingSamples(), of);
    metrics.add(Definition.RELAY_FILLED, status.filledSamples(), of);
    status.signals().stream()
        .mapToLong(RelayStatus.RelayedSignal::behindMs)
        .filter(each -> each != RelayStatus.UNKNOWN)
        .max()
        .ifPresent(behindMs -> metrics.add(Definition.RELAY_BEHIND, behindMs / 1000.0, of));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static double seconds(Instant time) {
    return time.toEpochMilli() / 1e3;
  }
}
