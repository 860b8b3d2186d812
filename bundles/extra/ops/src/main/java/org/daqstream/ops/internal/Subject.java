/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.List;

/** What metrics are measured of; the labels tell one from the others. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are
enum Subject {
  SERVER("Server", "server"),
  CLIENT("Client", "server", "client"),
  SIGNAL("Signal", "signal"),
  TRAFFIC("SignalTraffic", "server", "signal"),
  STREAM("Stream", "instance", "stream", "handle"),
  MODULE("Module", "instance", "kind"),
  MODULES("Modules"),
  RECORDER("Recorder", "recorder"),
  RELAY("Relay", "relay", "direction"),
  OPS("Metrics");

  /** The {@code type} in the object name of its MBeans. */
  final String beanType;

  final List<String> labels;

  Subject(String beanType, String... labels) {
    this.beanType = beanType;
    this.labels = List.of(labels);
  }
}
