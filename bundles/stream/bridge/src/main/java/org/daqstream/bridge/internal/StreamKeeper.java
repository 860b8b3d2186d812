/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.base.support.Worker;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one stream open: opens it, opens it anew after its end, and runs its callbacks, all on one
 * thread of its own. What stands in the way (no manifest yet, no transport) is logged once and
 * tried again.
 */
final class StreamKeeper implements AutoCloseable {
  @FunctionalInterface
  interface Opening {
    /** Gives the handle; the listener must go with it. */
    int open(StreamListener listener) throws StreamException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(StreamKeeper.class);

  private static final int NONE = 0;
  private static final long FLUSH_MS = 1000;
  private static final long STOP_MS = 1000;

  private final StreamClient client;
  private final String name;
  private final Opening opening;
  private final long retryNanos;
  private final Worker worker;
  private volatile int handle = NONE;
  private long openAtNanos = System.nanoTime();
  private final ProblemLog problems = new ProblemLog(LOG::warn);

  /** Begins. The client belongs to the keeper from now on. */
  StreamKeeper(StreamClient client, String name, int retryMs, Opening opening) {
    this.client = client;
    this.name = name;
    this.opening = opening;
    this.retryNanos = TimeUnit.MILLISECONDS.toNanos(retryMs);
    this.worker =
        Worker.start(
            "daqstream-bridge-" + name,
            self ->
                self.repeat(() -> step(self), e -> LOG.error("{}: an event is left out", name, e)));
  }

  /** The open stream, or 0 when there is none now. */
  int handle() {
    return handle;
  }

  private long step(Worker self) {
    if (handle == NONE && openAtNanos - System.nanoTime() <= 0) {
      open();
    }
    if (client.processEvent(handle == NONE ? waitMs() : -1) == StreamResult.SHOULDEXIT) {
      self.stop();
    }
    return 0;
  }

  private long waitMs() {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(openAtNanos - System.nanoTime()));
  }

  private void open() {
    openAtNanos = System.nanoTime() + retryNanos;
    try {
      handle =
          opening.open(
              new StreamListener() {
                @Override
                public void ended(String cause) {
                  streamEnded(cause);
                }
              });
      problems.clear();
      LOG.info("{}: open", name);
    } catch (StreamException e) {
      String cause = e.result() + ", " + e.getMessage();
      problems.say(name + ": cannot be opened now, will be tried again: " + cause);
    }
  }

  private void streamEnded(String cause) {
    CloseResult loss = closeStream(0);
    LOG.warn("{}: ended: {}; {} messages lost", name, cause, loss.lostMessages());
  }

  private CloseResult closeStream(long flushMs) {
    int open = handle;
    handle = NONE;
    return client.close(open, flushMs);
  }

  /** Ends the thread and closes the stream, which may flush; takes at most some seconds. */
  @Override
  public void close() {
    client.requestStop();
    if (!worker.join(STOP_MS)) {
      worker.thread().interrupt(); // when it hangs in an open
      worker.stop(STOP_MS); // when a flood of events keeps it
    }
    if (handle != NONE) {
      CloseResult loss = closeStream(FLUSH_MS);
      if (loss.lostMessages() > 0) {
        LOG.warn("{}: {} messages lost at the close", name, loss.lostMessages());
      }
    }
    client.close();
  }
}
