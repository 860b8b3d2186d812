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
import java.util.function.Consumer;
import org.daqstream.stream.api.StreamStatistics;
import org.daqstream.stream.api.spi.InputSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a transport into a client's event queue. Counts what waits: at the limit, in messages or
 * bytes, it asks the transport to pause, and at half of it to go on.
 */
final class SinkToQueue implements InputSink {

  private static final Logger LOG = LoggerFactory.getLogger(SinkToQueue.class);

  private static final AtomicLong PEER_IDS = new AtomicLong();

  private final OpenStream stream;
  private final boolean wantsNews;
  private final int limitMessages;
  private final long limitBytes;
  private final Consumer<Event> events;

  private final AtomicLong queuedMessages = new AtomicLong();
  private final AtomicLong queuedBytes = new AtomicLong();
  private final AtomicLong pauses = new AtomicLong();
  private final AtomicBoolean paused = new AtomicBoolean();
  private final Set<Long> announced = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean warned = new AtomicBoolean();

  SinkToQueue(OpenStream stream, boolean wantsNews, Settings settings, Consumer<Event> events) {
    this.stream = stream;
    this.wantsNews = wantsNews;
    this.limitMessages = settings.queueMessages();
    this.limitBytes = settings.queueBytes();
    this.events = events;
  }

  @Override
  public boolean data(long peerId, ByteBuffer data, Runnable release) {
    if (!stream.takesData()) {
      if (release != null) {
        release.run();
      }
      return true;
    }
    post(Event.data(stream, peerId, data, release));
    if (!isAtLeast(1)) {
      return true;
    }
    paused.set(true);
    if (!isAtLeast(2)) { // the module processed much just before, and might not look again
      paused.set(false);
      return true;
    }
    pauses.incrementAndGet();
    return false;
  }

  private void post(Event event) {
    queuedMessages.incrementAndGet();
    queuedBytes.addAndGet(event.bytes());
    events.accept(event);
  }

  /** Whether the limit, or the given fraction of it, is reached. */
  private boolean isAtLeast(int fraction) {
    return queuedMessages.get() * fraction >= limitMessages
        || queuedBytes.get() * fraction >= limitBytes;
  }

  /** An event has left the queue, delivered or not. */
  void processed(Event event) {
    queuedMessages.decrementAndGet();
    queuedBytes.addAndGet(-event.bytes());
    if (event.release() != null) {
      event.release().run();
    }
    if (paused.get() && !isAtLeast(2) && paused.compareAndSet(true, false)) {
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
      if (queuedMessages.get() < limitMessages) {
        announced.add(peerId);
        post(Event.news(stream, Event.Kind.PEER_UP, peerId, address));
      } else if (warned.compareAndSet(false, true)) {
        LOG.warn("{}: the module does not process its events, peers go unannounced", stream);
      }
    }
    return peerId;
  }

  @Override
  public void peerDown(long peerId, String cause) {
    if (announced.remove(peerId) && !stream.isClosed()) {
      post(Event.news(stream, Event.Kind.PEER_DOWN, peerId, cause == null ? "" : cause));
    }
  }

  @Override
  public void failed(String cause) {
    stream.end(cause, 0);
  }

  /** The stream has ended; always announced, once. */
  void ended(String cause) {
    if (wantsNews) {
      post(Event.news(stream, Event.Kind.ENDED, 0, cause));
    }
  }

  StreamStatistics addTo(StreamStatistics statistics) {
    return statistics.withEventQueue(queuedMessages.get(), queuedBytes.get(), pauses.get());
  }
}
