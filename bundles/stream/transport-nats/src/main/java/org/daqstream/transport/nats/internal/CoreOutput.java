/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import io.nats.client.Connection;
import java.util.concurrent.TimeUnit;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.transport.nats.internal.KeptMessages.Kept;

/**
 * Publishes at most once: what is sent counts as sent when the server has answered a ping behind
 * it. What is under way when the connection breaks, or when the server says that the user may not,
 * is lost and counted, though some of it may have got there.
 */
final class CoreOutput extends NatsOutput {
  /** Less than jnats queues without waiting. */
  private static final int MOST_UNDER_WAY = 4_000;

  private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final SendWindow window = new SendWindow();
  private long refusedBefore;

  CoreOutput(String name, NatsParameters parameters, NatsOptions options, OutputSink sink) {
    super(name, parameters, options, sink);
  }

  @Override
  int headerBytes() {
    return 0;
  }

  @Override
  void begin(Connection made) {
    problems.clear();
    refusedBefore = refusedMessages();
  }

  @Override
  void broken() {
    window.narrow();
    messages.dropUnderWay();
  }

  @Override
  void publish(Connection made, Kept kept) {
    made.publish(parameters.subject(), kept.bytes);
  }

  @Override
  long send(Connection made) {
    boolean all = publish(made, MOST_UNDER_WAY, window.bytes());
    if (!messages.isUnderWay()) {
      return all ? UNTIL_WOKEN : AGAIN_NANOS;
    }
    long startNanos = System.nanoTime();
    if (!hasAll(made)) {
      return isUp(made) ? AGAIN_NANOS : 0;
    }
    window.answered(System.nanoTime() - startNanos);
    if (refusedMessages() == refusedBefore) {
      messages.confirmAll();
    } else {
      refusedBefore = refusedMessages();
      messages.dropUnderWay();
    }
    return 0;
  }
}
