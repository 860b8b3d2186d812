/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;

/** What a transport has open, so that nothing of it stays when it leaves. Thread-safe. */
public final class OpenStreams {

  private static final long LEAVE_TIMEOUT_MS = 1000;

  private final String type;
  private final Set<StreamThread> open = ConcurrentHashMap.newKeySet();
  private volatile boolean left;

  /**
   * Begins with nothing.
   *
   * @param type of the transport
   */
  public OpenStreams(String type) {
    this.type = type;
  }

  /**
   * Starts a stream.
   *
   * @param <T> input or output
   * @param stream not started
   * @return the same
   * @throws StreamException from the stream; NOTSUP when the transport is leaving
   */
  public <T extends StreamThread> T start(T stream) throws StreamException {
    open.removeIf(each -> each.thread().getState() == Thread.State.TERMINATED);
    open.add(stream);
    stream.start();
    if (left) {
      stream.giveUp();
      throw new StreamException(StreamResult.NOTSUP, "transport " + type + " is leaving");
    }
    return stream;
  }

  /**
   * The transport leaves: closes what is open and waits for the threads, not longer than a second.
   */
  public void close() {
    left = true;
    open.forEach(StreamThread::giveUp);
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEAVE_TIMEOUT_MS);
    try {
      for (StreamThread stream : open) {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
        stream.thread().join(Math.max(1, leftMs));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
