/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;

/** The port by which an imported signal is published here, if it is. Under the import's lock. */
final class ImportedPort {
  private final NatsSignal signal;
  private final Runnable demandChanged;
  private NatsTable table;
  private SignalPort port; // null while it is not published

  /**
   * Of a signal that is not published.
   *
   * @param demandChanged told, on a thread that must not wait, that the demand may have changed
   */
  ImportedPort(NatsSignal signal, Runnable demandChanged) {
    this.signal = signal;
    this.demandChanged = demandChanged;
  }

  /** Is in a table by a description. */
  void publish(NatsTable in, SignalDescriptor value) {
    if (port != null && table == in) {
      if (!port.descriptor().equals(value)) {
        port.update(value);
      }
      return;
    }
    port = in.open(signal, value);
    table = in;
    port.whenDemandChanges(demandChanged);
  }

  /** Is published no more; the table may be without signals then. */
  void close() {
    if (port != null) {
      port.close();
      port = null;
    }
    table = null;
  }

  boolean isOpen() {
    return port != null;
  }

  boolean isWanted() {
    return port != null && port.hasSubscriber();
  }

  NatsTable table() {
    return table;
  }

  SignalDescriptor descriptor() {
    return port.descriptor();
  }

  void write(SignalAnnouncement announced, BlockMessage.Block block, int from) {
    table.write(port, announced, block, from);
  }

  /** What was written last is not the last of the source any more. */
  void forgetLast() {
    if (port != null && port.descriptor().replayLast()) {
      SignalDescriptor now = port.descriptor();
      port.update(now.toBuilder().replayLast(false).build());
      port.update(now);
    }
  }
}
