/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import io.nats.client.Connection;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.daqstream.stream.api.spi.Receipt;

/**
 * What has come and was not handed over yet, in order: messages, bounded in number and bytes, and
 * what became of the connection between them. Any thread adds, one takes.
 */
final class Backlog {
  /** What has come. */
  sealed interface Item {}

  /** A connection is up. */
  record Up(Connection connection, String server) implements Item {}

  /** It is gone. */
  record Down(String why) implements Item {}

  /**
   * A message.
   *
   * @param connection by which it came
   * @param receipt to be given along with it, or null
   */
  record Data(Connection connection, ByteBuffer bytes, Receipt receipt) implements Item {}

  private static final int MANY = 100;

  private final int limitMessages;
  private final long limitBytes;
  private final ArrayDeque<Item> items = new ArrayDeque<>();
  private int messages;
  private long bytes;

  Backlog(int limitMessages, long limitBytes) {
    this.limitMessages = limitMessages;
    this.limitBytes = limitBytes;
  }

  /**
   * Adds what became of the connection. One that brought nothing is left out when there are many,
   * for nobody may take them for days.
   */
  synchronized void add(Item item) {
    if (item instanceof Down && items.size() >= MANY && items.peekLast() instanceof Up) {
      items.removeLast();
    } else {
      items.add(item);
    }
  }

  /** Adds a message; false when there is no room. One message always has, however long. */
  synchronized boolean offer(Data data) {
    if (messages >= limitMessages
        || (messages > 0 && bytes + data.bytes.remaining() > limitBytes)) {
      return false;
    }
    items.add(data);
    messages++;
    bytes += data.bytes.remaining();
    return true;
  }

  /** The next one; null for none. */
  synchronized Item poll() {
    Item item = items.poll();
    if (item instanceof Data data) {
      messages--;
      bytes -= data.bytes.remaining();
    }
    return item;
  }

  /** Whether the next one is a message. */
  synchronized boolean hasMessageNext() {
    return items.peek() instanceof Data;
  }

  /** For how many more messages there is room. */
  synchronized int roomMessages() {
    return limitMessages - messages;
  }

  /** For how many more bytes there is room. */
  synchronized long roomBytes() {
    return limitBytes - bytes;
  }
}
