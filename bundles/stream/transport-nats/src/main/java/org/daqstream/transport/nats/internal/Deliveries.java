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
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
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

  /** More than a stream takes in while an acknowledgement is waited for, at a usual rate. */
  private static final int REMEMBERED = 1 << 18;

  private final Runnable wakeUp;
  private final Map<Id, Delivery> open = new ConcurrentHashMap<>();
  private final Queue<Delivery> answered = new ConcurrentLinkedQueue<>();

  /** When the last with a number was stored that the module has got, by that modulo the length. */
  private final AtomicLongArray got = new AtomicLongArray(REMEMBERED);

  /**
   * A message of the stream.
   *
   * @param number in the stream
   * @param storedNanos a stream made anew has other messages of the same numbers
   */
  private record Id(long number, long storedNanos) {
    static Id of(Message message) {
      Instant stored = message.metaData().timestamp().toInstant();
      return new Id(
          message.metaData().streamSequence(),
          TimeUnit.SECONDS.toNanos(stored.getEpochSecond()) + stored.getNano());
    }

    int place() {
      return (int) (number % REMEMBERED);
    }
  }

  /** One message; the module's queue runs one of the two methods, once. */
  final class Delivery implements Receipt {
    private final Id id;
    private volatile String reply;
    private volatile byte[] answer = NOT_GOT;

    private Delivery(Id id, String reply) {
      this.id = id;
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
    Delivery delivery = new Delivery(Id.of(message), message.getReplyTo());
    Delivery first = open.putIfAbsent(delivery.id, delivery);
    if (first != null) {
      first.reply = delivery.reply;
      return null;
    }
    if (got.get(delivery.id.place()) == delivery.id.storedNanos) { // remembered before it left open
      delivery.run();
      return null;
    }
    return delivery;
  }

  private void remember(Delivery delivery) {
    if (delivery.answer == GOT) {
      got.set(delivery.id.place(), delivery.id.storedNanos);
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
      open.remove(delivery.id, delivery);
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
