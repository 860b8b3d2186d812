/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.daqstream.base.support.LimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages at least once into a stream of JetStream: each is kept until the stream has
 * acknowledged it, and sent again under its id, of which the stream takes one alone. When one is
 * refused, as while a cluster chooses a leader, nothing new goes until all before it are through.
 */
final class KeptSender implements MessageSender {
  private static final Logger LOG = LoggerFactory.getLogger(KeptSender.class);
  private static final int LINES_PER_MINUTE = 10;
  private static final int MOST_PENDING = 4_096;
  private static final long ACK_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Of NATS around a message id. */
  private static final int HEADER_BYTES = 100;

  /** What a stream says of a message that it never takes. */
  private static final int TOO_LARGE_FOR_STREAM = 10_054;

  private final Supplier<Connection> link;
  private final LongSupplier streamBytes;
  private final long limitBytes;
  private final LimitedLog problems = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final Deque<Kept> pending = new ArrayDeque<>();
  private long pendingBytes;
  private Connection used;
  private JetStream stream;
  private int takenBytes = Integer.MAX_VALUE; // by the server before
  private boolean isFailing;
  private long retryNanos;

  /** A message that is not acknowledged. */
  private static final class Kept {
    final Draft.Ready message;
    final PublishOptions options;
    CompletableFuture<PublishAck> answer; // null until it is sent
    long sentNanos;

    Kept(Draft.Ready message) {
      this.message = message;
      OutgoingSignal signal = message.draft().signal;
      String id =
          Long.toHexString(signal.table.epoch) + '-' + signal.number + '-' + message.firstRow();
      options = PublishOptions.builder().messageId(id).build();
    }

    boolean isRefused() {
      return answer == null || answer.isCompletedExceptionally();
    }

    /** What was answered instead of an acknowledgement; empty for nothing. */
    String refusal() {
      return answer == null || !answer.isCompletedExceptionally()
          ? ""
          : answer.handle((ack, failure) -> String.valueOf(failure.getMessage())).join();
    }

    boolean isTooLargeForStream() {
      return answer != null
          && answer.isCompletedExceptionally()
          && answer.handle((ack, failure) -> isTooLarge(failure)).join();
    }

    private static boolean isTooLarge(Throwable failure) {
      for (Throwable each = failure; each != null; each = each.getCause()) {
        if (each instanceof JetStreamApiException refusal) {
          return refusal.getApiErrorCode() == TOO_LARGE_FOR_STREAM;
        }
      }
      return false;
    }
  }

  /**
   * Over what is given, {@code null} while there is no connection.
   *
   * @param streamBytes the longest message that the stream takes
   * @param limitBytes most that waits to be acknowledged
   */
  KeptSender(Supplier<Connection> link, LongSupplier streamBytes, long limitBytes) {
    this.link = link;
    this.streamBytes = streamBytes;
    this.limitBytes = limitBytes;
  }

  @Override
  public boolean hasRoom() {
    boolean isLimitKnown = used != null || link.get() != null;
    return isLimitKnown && !isFailing && pendingBytes < limitBytes && pending.size() < MOST_PENDING;
  }

  @Override
  public boolean isDropping() {
    return false;
  }

  @Override
  public int limitBytes() {
    Connection connection = link.get();
    int server = connection == null ? takenBytes : CoreSender.limitBytes(connection);
    return (int) Math.min(server, streamBytes.getAsLong()) - HEADER_BYTES;
  }

  @Override
  public boolean send(Draft.Ready message) {
    Kept kept = new Kept(message);
    pending.addLast(kept);
    pendingBytes += message.bytes().length;
    isFailing |= link.get() != used && pending.size() > 1; // those before go first
    if (!isFailing) {
      send(kept);
    }
    return true;
  }

  private void send(Kept kept) {
    kept.sentNanos = System.nanoTime();
    try {
      JetStream to = stream();
      kept.answer =
          to == null
              ? null
              : to.publishAsync(kept.message.draft().subject, kept.message.bytes(), kept.options);
    } catch (IllegalStateException | IllegalArgumentException | IOException e) {
      kept.answer = null;
      problems.say(() -> "a message waits to be kept: " + e.getMessage());
    }
    isFailing |= kept.answer == null;
  }

  /** A new connection knows nothing of what was sent over the one before. */
  private JetStream stream() throws IOException {
    Connection now = link.get();
    if (now != used) {
      used = now;
      takenBytes = now == null ? takenBytes : CoreSender.limitBytes(now);
      stream = now == null ? null : now.jetStream();
    }
    return stream;
  }

  /** What nobody keeps: who asks again is told again. */
  @Override
  public void offer(String subject, byte[] message) {
    Connection connection = link.get();
    if (connection != null) {
      try {
        connection.publish(subject, message);
      } catch (IllegalStateException e) {
        problems.say(() -> "nothing can be sent to " + subject + ": " + e.getMessage());
      }
    }
  }

  @Override
  public long anchor(Draft draft) {
    return draft.anchor();
  }

  @Override
  public long turn(long nowNanos) {
    if (link.get() != used && !pending.isEmpty()) {
      isFailing = true;
    }
    takeAnswers(nowNanos);
    if (isFailing && nowNanos - retryNanos >= 0) {
      retryNanos = nowNanos + PAUSE_NANOS;
      again(nowNanos);
    }
    return pending.isEmpty() ? PAUSE_NANOS : LOOK_NANOS;
  }

  private void takeAnswers(long nowNanos) {
    while (!pending.isEmpty() && isAcknowledged(pending.getFirst())) {
      pendingBytes -= pending.removeFirst().message.bytes().length;
    }
    if (pending.isEmpty()) {
      isFailing = false;
      return;
    }
    Kept first = pending.getFirst();
    boolean isLate = first.answer == null || nowNanos - first.sentNanos > ACK_NANOS;
    if (isLate || first.answer.isCompletedExceptionally()) {
      isFailing = true;
    }
  }

  private static boolean isAcknowledged(Kept kept) {
    if (kept.answer == null || !kept.answer.isDone() || kept.answer.isCompletedExceptionally()) {
      return false;
    }
    kept.message.draft().kept(kept.answer.join().getSeqno());
    return true;
  }

  /** Sends again what was refused or has had no answer, in its order. */
  private void again(long nowNanos) {
    if (link.get() == null) {
      return;
    }
    boolean isNew = link.get() != used;
    for (Iterator<Kept> all = pending.iterator(); all.hasNext(); ) {
      Kept each = all.next();
      boolean isLate = nowNanos - each.sentNanos > ACK_NANOS;
      if (!isNew && !each.isRefused() && !isLate) {
        continue;
      }
      if (isHopeless(each)) {
        all.remove();
        pendingBytes -= each.message.bytes().length;
        each.message.draft().signal.traffic.lost(each.message.samples());
      } else {
        String refusal = each.refusal();
        if (!refusal.isEmpty()) {
          tell(each, "the stream has not kept it: " + refusal);
        }
        send(each);
      }
    }
  }

  /** Whether it is in vain to send one again, which would keep all others back. */
  private boolean isHopeless(Kept kept) {
    int bytes = kept.message.bytes().length;
    if (bytes > limitBytes()) {
      tell(kept, "a message of %d B, and the server takes %d B".formatted(bytes, limitBytes()));
      return true;
    }
    if (kept.isTooLargeForStream()) {
      tell(kept, "a message of %d B, which is more than the stream takes".formatted(bytes));
      return true;
    }
    return false;
  }

  private void tell(Kept kept, String what) {
    problems.say(() -> kept.message.draft().signal.signalId() + ": " + what);
  }

  /** How much waits to be acknowledged. */
  long pendingBytes() {
    return pendingBytes;
  }

  /** Waits a little for what is under way. */
  @Override
  public void close() {
    long end = System.nanoTime() + END_NANOS;
    while (!pending.isEmpty() && System.nanoTime() - end < 0) {
      turn(System.nanoTime());
      LockSupport.parkNanos(LOOK_NANOS);
    }
    for (Kept each : pending) {
      each.message.draft().signal.traffic.lost(each.message.samples());
    }
  }
}
