/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.SendBudget;

/**
 * What a transport puts its input into: remembers every chunk or message, and what was told of
 * peers; is full for as long as it was told so. Peers are in the order of their arrival. An output
 * has as much memory as it likes unless it is given a budget.
 */
public final class RecordingSink implements InputSink, OutputSink {

  private static final AtomicLong IDS = new AtomicLong();

  private final Map<Long, List<byte[]>> received = new LinkedHashMap<>();
  private final List<String> addresses = new ArrayList<>();
  private final Map<Long, String> down = new LinkedHashMap<>();
  private final List<Integer> sizes = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final Consumer<String> whenFailed;
  private final SendBudget budget;
  private long byteCount;
  private long copiedBytes;
  private boolean full;
  private String failure = "";

  /** With nothing received. */
  public RecordingSink() {
    this(cause -> {});
  }

  /** The same, and tells of the failure of the stream on the thread that does. */
  public RecordingSink(Consumer<String> whenFailed) {
    this(whenFailed, new LimitedBudget(Long.MAX_VALUE));
  }

  /** The same for an output with this budget. */
  public RecordingSink(SendBudget budget) {
    this(cause -> {}, budget);
  }

  private RecordingSink(Consumer<String> whenFailed, SendBudget budget) {
    this.whenFailed = whenFailed;
    this.budget = budget;
  }

  @Override
  public SendBudget budget() {
    return budget;
  }

  @Override
  public synchronized boolean data(long peerId, ByteBuffer data, Runnable release) {
    byte[] message = new byte[data.remaining()];
    data.get(message);
    if (checkUp(peerId, "data")) {
      received.get(peerId).add(message);
    }
    sizes.add(message.length);
    byteCount += message.length;
    if (release == null) {
      copiedBytes += data.capacity();
    } else {
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
    if (checkUp(peerId, "peerDown")) {
      down.put(peerId, cause);
    }
  }

  private boolean checkUp(long peerId, String call) {
    boolean isUp = received.containsKey(peerId) && !down.containsKey(peerId);
    if (!isUp) {
      faults.add(call + " of peer " + peerId + ", which is not up");
    }
    return isUp;
  }

  @Override
  public void failed(String cause) {
    synchronized (this) {
      failure = cause;
      faults.add("failed: " + cause);
    }
    whenFailed.accept(cause);
  }

  /** From now on {@link #data} gives this, the other way round. */
  public synchronized void setFull(boolean isFull) {
    full = isFull;
  }

  /** The ids of all peers that were ever up. */
  public synchronized List<Long> up() {
    return List.copyOf(received.keySet());
  }

  /** Their addresses. */
  public synchronized List<String> addresses() {
    return List.copyOf(addresses);
  }

  /** The causes of those that are gone, in the order of their going. */
  public synchronized List<String> down() {
    return List.copyOf(down.values());
  }

  /** Empty unless the stream has failed. */
  public synchronized String failure() {
    return failure;
  }

  /** What should not have been called: data of a peer that is not up, or a failure. */
  public synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  /** How often something was called, apart from the budget. */
  public synchronized int calls() {
    return sizes.size() + received.size() + down.size() + faults.size();
  }

  /** How many chunks or messages of all peers. */
  public synchronized int count() {
    return sizes.size();
  }

  /** Their sizes, in order. */
  public synchronized List<Integer> sizes() {
    return List.copyOf(sizes);
  }

  /** How many bytes of all peers. */
  public synchronized long byteCount() {
    return byteCount;
  }

  /** How many bytes of a peer. */
  public synchronized int byteCount(long peerId) {
    return received.get(peerId).stream().mapToInt(message -> message.length).sum();
  }

  /** Memory behind what came without being lent. */
  public synchronized long copiedBytes() {
    return copiedBytes;
  }

  /** All bytes of a peer. */
  public synchronized byte[] bytes(long peerId) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    received.get(peerId).forEach(all::writeBytes);
    return all.toByteArray();
  }

  /** Chunks or messages of a peer. */
  public synchronized List<byte[]> messages(long peerId) {
    return List.copyOf(received.get(peerId));
  }

  /** The same as text. */
  public synchronized List<String> texts(long peerId) {
    return received.get(peerId).stream()
        .map(message -> new String(message, StandardCharsets.US_ASCII))
        .toList();
  }

  /** Those of all peers, one peer after the other. */
  public synchronized List<String> texts() {
    return received.keySet().stream().flatMap(id -> texts(id).stream()).toList();
  }
}
