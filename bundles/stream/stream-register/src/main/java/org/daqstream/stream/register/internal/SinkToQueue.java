/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.Receipt;
import org.daqstream.stream.api.spi.SendBudget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a transport into a client's event queue. Counts what waits: at the limit, in messages or
 * bytes, it asks the transport to pause, and at half of it to go on.
 */
final class SinkToQueue implements InputSink, OutputSink {
  private static final Logger LOG = LoggerFactory.getLogger(SinkToQueue.class);

  private static final AtomicLong PEER_IDS = new AtomicLong();

  private final OpenStream stream;
  private final boolean wantsNews;
  private final int limitMessages;
  private final long limitBytes;
  private final SendBudget budget;
  private final InstanceClient client;

  private final Tally posted = new Tally();
  private final Tally processed = new Tally();
  private volatile long seenMessages; // processed ones, at some time before
  private volatile long seenBytes;
  private final AtomicLong pauses = new AtomicLong();
  private final AtomicBoolean paused = new AtomicBoolean();
  private final Set<Long> announced = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean warned = new AtomicBoolean();

  SinkToQueue(
      OpenStream stream,
      boolean wantsNews,
      Settings settings,
      SendBudget budget,
      InstanceClient client) {
    this.stream = stream;
    this.wantsNews = wantsNews;
    this.limitMessages = settings.queueMessages();
    this.limitBytes = settings.queueBytes();
    this.budget = budget;
    this.client = client;
  }

  /** Messages and bytes that have passed; in a cache line of its own, for it is written often. */
  private static final class Tally {
    private static final int MESSAGES = 8;
    private static final int BYTES = 9;

    private final AtomicLongArray figures = new AtomicLongArray(24);

    void add(long bytes) {
      figures.incrementAndGet(MESSAGES);
      figures.addAndGet(BYTES, bytes);
    }

    long messages() {
      return figures.get(MESSAGES);
    }

    long bytes() {
      return figures.get(BYTES);
    }
  }

  @Override
  public boolean data(long peerId, ByteBuffer data, Runnable release) {
    return data(peerId, data, release, false);
  }

  @Override
  public boolean data(long peerId, ByteBuffer data, Runnable release, boolean more) {
    if (!stream.takesData()) {
      giveBack(release, false);
      return true;
    }
    post(Event.data(stream, peerId, data, release), !more);
    if (isFarFromFull() || !isAtLeast(1)) {
      return true;
    }
    paused.set(true);
    if (!isAtLeast(2)) { // the module processed much just before, and might not look again
      goOn(); // another thread of the transport may have been told to wait
      return true;
    }
    pauses.incrementAndGet();
    client.wake(); // there will not be more before the module has taken some
    return false;
  }

  @Override
  public SendBudget budget() {
    return budget;
  }

  private void post(Event event, boolean wake) {
    posted.add(event.bytes());
    client.add(event);
    if (wake) {
      client.wake();
    }
  }

  /** By the figures of before, which can only be too high; seldom looks at what the module does. */
  private boolean isFarFromFull() {
    if (posted.messages() - seenMessages < limitMessages
        && posted.bytes() - seenBytes < limitBytes) {
      return true;
    }
    seenMessages = processed.messages();
    seenBytes = processed.bytes();
    return false;
  }

  /** Whether the limit, or the given fraction of it, is reached. */
  private boolean isAtLeast(int fraction) {
    return queuedMessages() * fraction >= limitMessages || queuedBytes() * fraction >= limitBytes;
  }

  private long queuedMessages() {
    long gone = processed.messages(); // first: what waits must not seem less than nothing
    return posted.messages() - gone;
  }

  private long queuedBytes() {
    long gone = processed.bytes();
    return posted.bytes() - gone;
  }

  private static void giveBack(Runnable release, boolean delivered) {
    if (release instanceof Receipt receipt && !delivered) {
      receipt.undelivered();
    } else if (release != null) {
      release.run();
    }
  }

  /** An event has left the queue, delivered or not. */
  void processed(Event event, boolean delivered) {
    processed.add(event.bytes());
    giveBack(event.release(), delivered);
    if (paused.get() && !isAtLeast(2)) {
      goOn();
    }
  }

  private void goOn() {
    if (paused.compareAndSet(true, false)) {
      stream.resume();
    }
  }

  /**
   * News are bounded too: a peer that comes while the queue is full is not announced, nor its end.
   */
  @Override
  public long peerUp(String address) {
    long peerId = PEER_IDS.incrementAndGet();
    if (wantsNews && stream.takesData()) {
      if (queuedMessages() < limitMessages) {
        announced.add(peerId);
        post(Event.news(stream, Event.Kind.PEER_UP, peerId, address), true);
      } else if (warned.compareAndSet(false, true)) {
        LOG.warn("{}: the module does not process its events, peers go unannounced", stream);
      }
    }
    return peerId;
  }

  @Override
  public void peerDown(long peerId, String cause) {
    if (announced.remove(peerId) && !stream.isClosed()) {
      post(Event.news(stream, Event.Kind.PEER_DOWN, peerId, cause == null ? "" : cause), true);
    } else {
      client.wake(); // for messages behind which more was said to follow
    }
  }

  @Override
  public void failed(String cause) {
    stream.end(cause, 0);
  }

  /** The stream has ended; always announced, once. */
  void ended(String cause) {
    if (wantsNews) {
      post(Event.news(stream, Event.Kind.ENDED, 0, cause), true);
    } else {
      client.wake(); // as above
    }
  }

  StreamStatistics addTo(StreamStatistics statistics) {
    return statistics.withEventQueue(queuedMessages(), queuedBytes(), pauses.get());
  }
}
