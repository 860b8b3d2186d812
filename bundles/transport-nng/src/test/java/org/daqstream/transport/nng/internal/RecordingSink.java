/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.stream.api.spi.InputSink;

/** Remembers everything; is full while it was told so. */
final class RecordingSink implements InputSink {

  private static final AtomicLong IDS = new AtomicLong();

  private final Map<Long, List<byte[]>> received = new LinkedHashMap<>();
  private final List<String> addresses = new ArrayList<>();
  private final Map<Long, String> down = new LinkedHashMap<>();
  private int count;
  private long bytes;
  private boolean full;
  private String failure = "";

  @Override
  public synchronized boolean data(long peerId, ByteBuffer data, Runnable release) {
    byte[] message = new byte[data.remaining()];
    data.get(message);
    received.get(peerId).add(message);
    count++;
    bytes += message.length;
    if (release != null) {
      release.run();
    }
    return !full;
  }

  @Override
  public synchronized long peerUp(String address) {
    long id = IDS.incrementAndGet();
    addresses.add(address);
    received.put(id, new ArrayList<>());
    return id;
  }

  @Override
  public synchronized void peerDown(long peerId, String cause) {
    down.put(peerId, cause);
  }

  @Override
  public synchronized void failed(String cause) {
    failure = cause;
  }

  synchronized void setFull(boolean full) {
    this.full = full;
  }

  /** Ids in order of arrival. */
  synchronized List<Long> up() {
    return List.copyOf(received.keySet());
  }

  synchronized List<String> addresses() {
    return List.copyOf(addresses);
  }

  synchronized List<String> down() {
    return List.copyOf(down.values());
  }

  synchronized String failure() {
    return failure;
  }

  synchronized int count() {
    return count;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized List<byte[]> messages(long peerId) {
    return List.copyOf(received.get(peerId));
  }

  /** Messages of a peer as text. */
  synchronized List<String> texts(long peerId) {
    return received.get(peerId).stream()
        .map(message -> new String(message, StandardCharsets.US_ASCII))
        .toList();
  }

  /** Messages of all peers as text. */
  synchronized List<String> texts() {
    return received.keySet().stream().flatMap(id -> texts(id).stream()).toList();
  }
}
