/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import static org.daqstream.ops.api.Metric.Type.COUNTER;
import static org.daqstream.ops.api.Metric.Type.GAUGE;
import static org.daqstream.ops.api.Metric.Type.HISTOGRAM;
import static org.daqstream.ops.internal.Subject.CLIENT;
import static org.daqstream.ops.internal.Subject.MODULE;
import static org.daqstream.ops.internal.Subject.MODULES;
import static org.daqstream.ops.internal.Subject.OPS;
import static org.daqstream.ops.internal.Subject.RECORDER;
import static org.daqstream.ops.internal.Subject.RELAY;
import static org.daqstream.ops.internal.Subject.SERVER;
import static org.daqstream.ops.internal.Subject.SIGNAL;
import static org.daqstream.ops.internal.Subject.STREAM;
import static org.daqstream.ops.internal.Subject.TRAFFIC;

import java.util.List;
import java.util.stream.Stream;
import org.daqstream.ops.api.Metric;

/** Every metric there is. The README's table is these rows, which a test sees to. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are
enum Definition {
  SERVER_UP("daqstream_server_up", SERVER, "1 when the server answers, else 0"),
  SERVER_INFO(
      "daqstream_server_info",
      SERVER,
      "Always 1; the labels tell where the server listens",
      "websocket",
      "http"),
  SERVER_START("daqstream_server_start_time_seconds", SERVER, "When its ports opened, since 1970"),
  SERVER_CLIENTS("daqstream_server_clients", SERVER, "Clients connected now"),
  SERVER_RING_BYTES(
      "daqstream_server_ring_bytes", SERVER, "Most bytes that a client may be behind"),
  SERVER_RING_USED(
      "daqstream_server_ring_used_ratio",
      SERVER,
      "How full the log is with what the slowest client has not got yet, 0 to 1"),
  SERVER_SENT(
      "daqstream_server_sent_bytes_total",
      SERVER,
      "Bytes that the sockets of all clients took, those gone included"),
  SERVER_PACKETS("daqstream_server_delivered_packets_total", SERVER, "Data packets in these bytes"),
  SERVER_EVENTS(
      "daqstream_server_events_total",
      SERVER,
      "How often what happened: clients that came, left, were too slow or were refused, blocks"
          + " that were dropped, faults of peers",
      "event"),
  PUBLISH_SECONDS(
      "daqstream_server_publish_seconds",
      HISTOGRAM,
      SERVER,
      "How long a publisher was held up by a block, of one block in 64"),

  CLIENT_INFO(
      "daqstream_client_info",
      CLIENT,
      "Always 1; the labels tell who the client is",
      "address",
      "profile",
      "user_agent"),
  CLIENT_CONNECTED(
      "daqstream_client_connected_time_seconds", CLIENT, "When it was greeted, since 1970"),
  CLIENT_SUBSCRIPTIONS(
      "daqstream_client_subscriptions", CLIENT, "Signals it subscribed to, their domains included"),
  CLIENT_LAG(
      "daqstream_client_lag_ratio",
      CLIENT,
      "How full the log is with what the client has not got yet, 0 to 1; at 1 its contract"
          + " decides"),
  CLIENT_LAG_BYTES(
      "daqstream_client_lag_bytes",
      CLIENT,
      "Bytes of the log between its place and the end, whether it wants them or not"),
  CLIENT_LAG_SECONDS(
      "daqstream_client_lag_seconds", CLIENT, "About how old the oldest of them are"),
  CLIENT_CONTRACT(
      "daqstream_client_contract_info",
      CLIENT,
      "Always 1; the label tells what happens when it falls behind further than the log reaches:"
          + " disconnect or gap",
      "contract"),
  CLIENT_HOLES("daqstream_client_holes_total", CLIENT, "How often it lost samples of a signal"),
  CLIENT_SENT("daqstream_client_sent_bytes_total", CLIENT, "Bytes that its socket took"),
  CLIENT_PACKETS("daqstream_client_delivered_packets_total", CLIENT, "Data packets in these bytes"),
  CLIENT_PENDING(
      "daqstream_client_pending_bytes",
      CLIENT,
      "Bytes kept for it because its socket takes no more now"),

  SIGNAL_INFO(
      "daqstream_signal_info",
      SIGNAL,
      "Always 1; the labels tell what the signal is, and why it is not available",
      "table",
      "data_type",
      "reason"),
  SIGNAL_AVAILABLE(
      "daqstream_signal_available",
      SIGNAL,
      "1 when it can be offered to clients, else 0; one that is not public counts as well"),
  SIGNAL_BLOCKS(
      "daqstream_signal_blocks_total",
      SIGNAL,
      "Blocks that its source wrote, by what became of them; not of domain signals",
      "result"),

  TRAFFIC_SUBSCRIBERS(
      "daqstream_signal_subscribers", TRAFFIC, "Clients that subscribed to the signal"),
  TRAFFIC_PACKETS(
      "daqstream_signal_packets_total",
      TRAFFIC,
      "Data packets written to the server's log; none while nobody subscribes"),
  TRAFFIC_BYTES("daqstream_signal_bytes_total", TRAFFIC, "Payload bytes in them"),

  STREAM_INFO(
      "daqstream_stream_info",
      STREAM,
      "Always 1; the labels tell what the open stream is",
      "type",
      "direction"),
  STREAM_ENDED("daqstream_stream_ended", STREAM, "1 when it is over though not yet closed, else 0"),
  STREAM_PEERS("daqstream_stream_peers", STREAM, "Connections that are up"),
  STREAM_MESSAGES(
      "daqstream_stream_messages_total",
      STREAM,
      "Messages sent or received; chunks of a posix input"),
  STREAM_BYTES("daqstream_stream_bytes_total", STREAM, "Payload bytes in them"),
  STREAM_QUEUED_MESSAGES(
      "daqstream_stream_queued_messages",
      STREAM,
      "Messages that wait to be sent, or for the module to process them"),
  STREAM_QUEUED_BYTES("daqstream_stream_queued_bytes", STREAM, "Bytes in them"),
  STREAM_REJECTED("daqstream_stream_rejected_total", STREAM, "Refused writes or connections"),
  STREAM_LOST_MESSAGES(
      "daqstream_stream_lost_messages_total",
      STREAM,
      "Messages that were given up after they were accepted or begun"),
  STREAM_LOST_BYTES("daqstream_stream_lost_bytes_total", STREAM, "Bytes in them"),
  STREAM_CONNECTS("daqstream_stream_connects_total", STREAM, "Connections that came up"),
  STREAM_DISCONNECTS("daqstream_stream_disconnects_total", STREAM, "Connections that went down"),
  STREAM_PAUSES(
      "daqstream_stream_pauses_total",
      STREAM,
      "How often reading stopped because the module's queue was full"),

  MODULE_STATE(
      "daqstream_module_state",
      MODULE,
      "1 for the state that the module instance is in, 0 for the others",
      "state"),
  MODULE_MEMORY("daqstream_module_memory_bytes", MODULE, "Memory that it holds"),
  MODULE_BUSY(
      "daqstream_module_busy_seconds_total", MODULE, "How long it has been at work on events"),
  MODULE_EVENTS("daqstream_module_events_total", MODULE, "Events that it was given"),
  MODULE_FAILURES(
      "daqstream_module_failures_total", MODULE, "How often it was ended by a fault of its own"),
  MODULE_UPDATES(
      "daqstream_module_updates_total",
      MODULE,
      "How often its code was replaced while its streams stayed open"),
  MODULE_CONNECTED(
      "daqstream_module_connected_time_seconds", MODULE, "When it connected, since 1970"),
  MODULE_RECEIVED(
      "daqstream_module_received_messages_total",
      MODULE,
      "Messages that it was given over its connection"),
  MODULE_RECEIVED_BYTES("daqstream_module_received_bytes_total", MODULE, "Bytes in them"),
  MODULE_SENT(
      "daqstream_module_sent_messages_total",
      MODULE,
      "Messages that came over its connection and that its streams have taken"),
  MODULE_SENT_BYTES("daqstream_module_sent_bytes_total", MODULE, "Bytes in them"),
  MODULE_LOST(
      "daqstream_module_lost_messages_total",
      MODULE,
      "Messages that were on their way to or from it and were given up"),
  MODULES_REFUSED("daqstream_modules_refused_total", MODULES, "Modules that were turned away"),

  RECORDER_STATE(
      "daqstream_recorder_state",
      RECORDER,
      "1 for the state that the recorder is in, 0 for the others",
      "state"),
  RECORDER_SIGNALS("daqstream_recorder_signals", RECORDER, "Signals that it records"),
  RECORDER_SAMPLES(
      "daqstream_recorder_samples_total", RECORDER, "Samples that it has given to files"),
  RECORDER_BYTES(
      "daqstream_recorder_bytes",
      RECORDER,
      "Bytes of all files that it has begun; fewer when one is completed"),
  RECORDER_HOLES("daqstream_recorder_holes_total", RECORDER, "Holes that its files tell"),
  RECORDER_LOST(
      "daqstream_recorder_lost_samples_total",
      RECORDER,
      "Samples that it left out because format or disk were too slow, full or not there"),
  RECORDER_BUFFERED(
      "daqstream_recorder_buffered_ratio", RECORDER, "How full its memory is, 0 to 1"),
  RECORDER_FREE(
      "daqstream_recorder_disk_free_bytes", RECORDER, "What is left of the disk of its folder"),
  RELAY_INFO(
      "daqstream_relay_info",
      RELAY,
      "1; what it goes over, and what it is connected to, empty while it is not",
      "kind",
      "peer"),
  RELAY_CONNECTED("daqstream_relay_connected", RELAY, "1 while it is connected, else 0"),
  RELAY_SIGNALS("daqstream_relay_signals", RELAY, "Signals that it brings here, or takes away"),
  RELAY_WANTED("daqstream_relay_wanted_signals", RELAY, "Those that somebody wants"),
  RELAY_MESSAGES("daqstream_relay_messages_total", RELAY, "Messages that came or went"),
  RELAY_BLOCKS("daqstream_relay_blocks_total", RELAY, "Blocks of samples in them"),
  RELAY_SAMPLES("daqstream_relay_samples_total", RELAY, "Samples in them"),
  RELAY_BYTES("daqstream_relay_bytes_total", RELAY, "Bytes of the messages"),
  RELAY_MISSING(
      "daqstream_relay_missing_samples_total",
      RELAY,
      "Samples that should have come or gone, and have not"),
  RELAY_FILLED(
      "daqstream_relay_filled_samples_total",
      RELAY,
      "Samples that came later, in their place: what was missing, and the past that was asked for"),
  RELAY_BEHIND(
      "daqstream_relay_behind_seconds",
      RELAY,
      "How old the newest sample is, of the signal that is furthest behind"),

  LEFT_OUT(
      "daqstream_metrics_left_out",
      OPS,
      "Clients, signals and streams that have no metrics of their own because of the limits in the"
          + " configuration",
      "kind");

  final String metricName;
  final Metric.Type type;
  final Subject subject;
  final String help;

  /** Those of the subject, then those that tell the samples of one subject apart. */
  final List<String> labels;

  /** A counter or a gauge, as the name tells. */
  Definition(String metricName, Subject subject, String help, String... ownLabels) {
    this(metricName, metricName.endsWith("_total") ? COUNTER : GAUGE, subject, help, ownLabels);
  }

  Definition(
      String metricName, Metric.Type type, Subject subject, String help, String... ownLabels) {
    this.metricName = metricName;
    this.type = type;
    this.subject = subject;
    this.help = help;
    this.labels = Stream.concat(subject.labels.stream(), Stream.of(ownLabels)).toList();
  }

  /** Whether the labels, and not the value, are what it tells. */
  boolean isInfo() {
    return metricName.endsWith("_info");
  }
}
