/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import io.nats.client.Connection;
import java.util.function.Supplier;
import org.daqstream.base.support.LimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages at most once: what is under way when the connection breaks is lost, and importers
 * know by the rows. While there is no connection blocks are let go.
 */
final class CoreSender implements MessageSender {
  private static final Logger LOG = LoggerFactory.getLogger(CoreSender.class);
  private static final int LINES_PER_MINUTE = 10;
  private static final long LOOK_NANOS = 1_000_000_000L;

  private final Supplier<Connection> link;
  private final LimitedLog problems = new LimitedLog(LOG::warn, LINES_PER_MINUTE);

  /** Over what is given, {@code null} while there is no connection. */
  CoreSender(Supplier<Connection> link) {
    this.link = link;
  }

  @Override
  public boolean hasRoom() {
    return true;
  }

  @Override
  public boolean isDropping() {
    return link.get() == null;
  }

  @Override
  public int limitBytes() {
    return limitBytes(link.get());
  }

  static int limitBytes(Connection connection) {
    return connection == null
        ? Integer.MAX_VALUE
        : (int) Math.min(Integer.MAX_VALUE, connection.getMaxPayload());
  }

  @Override
  public boolean send(Draft.Ready message) {
    return publish(message.draft().subject, message.bytes());
  }

  @Override
  public void offer(String subject, byte[] message) {
    publish(subject, message);
  }

  private boolean publish(String subject, byte[] message) {
    Connection connection = link.get();
    if (connection == null) {
      return false;
    }
    try {
      connection.publish(subject, message); // waits while the server does not read
      return true;
    } catch (IllegalStateException | IllegalArgumentException e) {
      problems.say(() -> "nothing can be sent to " + subject + ": " + e.getMessage());
      return false;
    }
  }

  @Override
  public long anchor(Draft draft) {
    return 0;
  }

  @Override
  public long turn(long nowNanos) {
    return LOOK_NANOS;
  }

  @Override
  public void close() {}
}
