/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.stream.api.spi.InputSink;

/** Remembers everything; is full while it was told so. */
class RecordingSink implements InputSink {

  private static final AtomicLong IDS = new AtomicLong();

  private final Map<Long, ByteArrayOutputStream> received = new LinkedHashMap<>();
  private final List<Long> up = new ArrayList<>();
  private final Map<Long, String> down = new LinkedHashMap<>();
  private final List<Integer> chunks = new ArrayList<>();
  private long capacity;
  private boolean full;
  private String failure = "";

  @Override
  public synchronized boolean data(long peerId, ByteBuffer data, Runnable release) {
    chunks.add(data.remaining());
    if (release == null) {
      capacity += data.capacity();
    }
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    received.get(peerId).writeBytes(bytes);
    if (release != null) {
      release.run();
    }
    return !full;
  }

  @Override
  public synchronized long peerUp(String address) {
    long id = IDS.incrementAndGet();
    up.add(id);
    received.put(id, new ByteArrayOutputStream());
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

  synchronized List<Long> up() {
    return List.copyOf(up);
  }

  synchronized Collection<String> down() {
    return List.copyOf(down.values());
  }

  synchronized List<Integer> chunks() {
    return List.copyOf(chunks);
  }

  /** Bytes of memory behind the chunks that were copied. */
  synchronized long capacity() {
    return capacity;
  }

  synchronized String failure() {
    return failure;
  }

  synchronized int count(long peerId) {
    return received.get(peerId).size();
  }

  synchronized int count() {
    return received.values().stream().mapToInt(ByteArrayOutputStream::size).sum();
  }

  synchronized byte[] bytes(long peerId) {
    return received.get(peerId).toByteArray();
  }
}
