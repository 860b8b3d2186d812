/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nats.client.Connection;
import io.nats.client.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import org.daqstream.stream.api.spi.Receipt;

/**
 * What JetStream has delivered and the module has not got yet, and what it got last: a server that
 * is killed forgets acknowledgements of its last seconds and delivers again. An answer goes by
 * whatever connection there is, also by a later one than that of the message.
 */
final class Deliveries {
  private static final byte[] GOT = "+ACK".getBytes(US_ASCII);
  private static final byte[] NOT_GOT = "-NAK".getBytes(US_ASCII);
  private static final byte[] IN_WORK = "+WPI".getBytes(US_ASCII);

  /** More than a server forgets at a usual rate. */
  private static final int REMEMBERED = 16_384;

  private final Runnable wakeUp;
  private final Map<Long, Delivery> open = new ConcurrentHashMap<>(); // by number in the stream
  private final Queue<Delivery> answered = new ConcurrentLinkedQueue<>();
  private final Map<Long, Instant> got = new LinkedHashMap<>() { // by number in the stream
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Instant> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** One message; the module's queue runs one of the two methods, once. */
  final class Delivery implements Receipt {
    private final long number;
    private final Instant stored; // a stream made anew has other messages of the same numbers
    private volatile String reply;
    private volatile byte[] answer = NOT_GOT;

    private Delivery(long number, Instant stored, String reply) {
      this.number = number;
      this.stored = stored;
      this.reply = reply;
    }

    @Override
    public void run() {
      answer(GOT);
    }

    @Override
    public void undelivered() {
      answer(NOT_GOT);
    }

    private void answer(byte[] words) {
      answer = words;
      answered.add(this);
      wakeUp.run();
    }
  }

  /**
   * With nothing delivered.
   *
   * @param wakeUp run when there is an answer to send; must not block
   */
  Deliveries(Runnable wakeUp) {
    this.wakeUp = wakeUp;
  }

  /** A message has come; null when the module has got it already, or has it before it. */
  Delivery add(Message message) {
    long number = message.metaData().streamSequence();
    Instant stored = message.metaData().timestamp().toInstant();
    Delivery delivery = new Delivery(number, stored, message.getReplyTo());
    if (hasGot(delivery)) {
      delivery.run();
      return null;
    }
    Delivery first = open.putIfAbsent(number, delivery);
    if (first == null) {
      return delivery;
    }
    first.reply = message.getReplyTo();
    return null;
  }

  private boolean hasGot(Delivery delivery) {
    synchronized (got) {
      return delivery.stored.equals(got.get(delivery.number));
    }
  }

  private void remember(Delivery delivery) {
    if (delivery.answer == GOT) {
      synchronized (got) {
        got.put(delivery.number, delivery.stored);
      }
    }
  }

  /** Sends what the module has said. */
  void sendAnswers(Connection connection) {
    for (Delivery delivery = answered.peek(); delivery != null; delivery = answered.peek()) {
      try {
        connection.publish(delivery.reply, delivery.answer);
      } catch (IllegalStateException e) {
        return; // closed just now: by the next one
      }
      remember(delivery);
      answered.remove();
      open.remove(delivery.number, delivery);
    }
  }

  /** Tells JetStream to be patient. */
  void touch(Connection connection) {
    try {
      for (Delivery delivery : open.values()) {
        connection.publish(delivery.reply, IN_WORK);
      }
    } catch (IllegalStateException e) {
      return; // closed just now
    }
  }

  /** Sends the answers, gives back what the module has not got, and waits until that is there. */
  void giveBack(Connection connection, Duration limit)
      throws TimeoutException, InterruptedException {
    sendAnswers(connection);
    for (Delivery delivery : open.values()) {
      connection.publish(delivery.reply, NOT_GOT);
    }
    connection.flush(limit);
  }
}
