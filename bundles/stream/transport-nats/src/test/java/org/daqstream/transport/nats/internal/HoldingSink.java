/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.Receipt;

/** A module that takes its messages when the test says so. */
final class HoldingSink implements InputSink {
  private final List<String> messages = new ArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private final List<String> peers = new ArrayList<>();
  private boolean holds;
  private boolean full;

  /** From now on receipts are kept, or run at once. */
  synchronized void hold(boolean on) {
    holds = on;
  }

  synchronized void setFull(boolean on) {
    full = on;
  }

  @Override
  public synchronized boolean data(long peerId, ByteBuffer data, Runnable release) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    messages.add(new String(bytes, US_ASCII));
    if (holds) {
      held.add(release);
    } else if (release != null) {
      release.run();
    }
    return !full;
  }

  /** The module gets what is held, or never. */
  synchronized void release(boolean delivered) {
    for (Runnable release : held) {
      if (delivered) {
        release.run();
      } else {
        ((Receipt) release).undelivered();
      }
    }
    held.clear();
  }

  @Override
  public synchronized long peerUp(String address) {
    peers.add("up " + address);
    return peers.size();
  }

  @Override
  public synchronized void peerDown(long peerId, String cause) {
    peers.add("down " + cause);
  }

  @Override
  public synchronized void failed(String cause) {
    peers.add("failed " + cause);
  }

  synchronized List<String> messages() {
    return List.copyOf(messages);
  }

  synchronized int count() {
    return messages.size();
  }

  synchronized List<String> peers() {
    return List.copyOf(peers);
  }
}
