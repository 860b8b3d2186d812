/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.RemoteSubscription;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.client.StreamingClient;
import org.daqstream.client.SubscriptionOptions;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;

/**
 * A signal of a device. It is subscribed once to be described, and then while somebody here wants
 * it. Under the lock of its link.
 */
final class ImportedSignal implements SampleListener {
  final String signalId;
  private final DeviceLink link;
  private final AtomicBoolean isDemandQueued = new AtomicBoolean();
  private RemoteSubscription subscription;
  private Thread subscribing;
  private boolean isProbing;
  private long probeStartNanos;
  private ImportedTable table;
  private SignalPort port;
  private long endRow;
  private boolean isLastKept;

  ImportedSignal(DeviceLink link, String signalId) {
    this.link = link;
    this.signalId = signalId;
  }

  SignalPort port() {
    return port;
  }

  ImportedTable table() {
    return table;
  }

  boolean isProbing() {
    return isProbing;
  }

  boolean isSubscribed() {
    return subscription != null;
  }

  /** Whether the device has been asked for its description before, by {@link System#nanoTime}. */
  boolean isProbedBefore(long nanos) {
    return isProbing && probeStartNanos - nanos < 0;
  }

  /** Asks the device to describe it. */
  void probe(StreamingClient client, SubscriptionOptions options) {
    isProbing = true;
    probeStartNanos = System.nanoTime();
    subscribe(client, options);
  }

  void endProbe() {
    isProbing = false;
  }

  void subscribe(StreamingClient client, SubscriptionOptions options) {
    subscribing = Thread.currentThread();
    subscription = client.subscribe(signalId, options, this);
    subscribing = null;
  }

  void unsubscribe() {
    if (subscription != null) {
      subscription.close();
      subscription = null;
    }
  }

  /** What was written last is not the last of the device any more; constants hold all the same. */
  void forgetLast() {
    if (!isLastKept) {
      return;
    }
    isLastKept = false;
    SignalDescriptor now = port.descriptor();
    port.update(now.toBuilder().replayLast(false).build());
    port.update(now);
  }

  void publish(ImportedTable in, SignalDescriptor value) {
    if (port != null && table == in) {
      if (!port.descriptor().equals(value)) {
        port.update(value);
      }
      return;
    }
    port = in.open(this, value);
    table = in;
    endRow = 0;
    port.whenDemandChanges(this::demandChanged);
  }

  /** Takes it back; the table may be without signals then. */
  void withdraw() {
    if (port != null) {
      port.close();
      port = null;
    }
    table = null;
  }

  /** On a thread that must not wait. */
  private void demandChanged() {
    if (isDemandQueued.compareAndSet(false, true)) {
      link.demandChanged(this);
    }
  }

  /** What changes from now on is told again. */
  void demandTaken() {
    isDemandQueued.set(false);
  }

  @Override
  public void described(RemoteSignal signal) {
    synchronized (link.lock()) {
      // What the client remembers, perhaps of an earlier connection, is told while subscribing.
      boolean isOld = isProbing && Thread.currentThread().equals(subscribing) && !signal.isDomain();
      if (!isOld && (subscription != null || subscribing != null)) {
        link.described(this, signal);
      }
    }
  }

  @Override
  public void block(SampleBlock block) {
    synchronized (link.lock()) {
      if (port != null && subscription != null) {
        write(block);
      }
    }
  }

  private void write(SampleBlock block) {
    try {
      long end = table.write(port, endRow, block);
      if (end < 0) {
        link.problem(this, "samples whose domain values the device does not tell are left out");
      } else {
        endRow = end;
        isLastKept = true;
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      link.problem(this, e.getMessage());
    }
  }
}
