/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.support.Status;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.ForeignText;

/**
 * Asks a consumer of JetStream for messages, so many and so many bytes at a time. One thread asks,
 * one of jnats tells what came.
 */
final class Pull {
  private static final long EXPIRES_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** After that nobody answers any more: the leader is gone, for example. */
  private static final long SILENT_NANOS = EXPIRES_NANOS + TimeUnit.SECONDS.toNanos(1);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int TIMEOUT = 408;
  private static final int NOT_FOUND = 404;
  private static final String NEXT = "CONSUMER.MSG.NEXT.";

  private final Connection connection;
  private final String subject;
  private final String inbox;
  private String current = ""; // where the answers to the last question go
  private long questions;
  private int asked;
  private int missing; // messages that were asked for and have not come
  private long overNanos;
  private boolean asking;
  private boolean tooLong; // the next message, for the bytes of the last question
  private String problem = "";

  /**
   * Has asked nothing.
   *
   * @param prefix in front of what JetStream is asked, with a dot at its end
   */
  Pull(Connection connection, String prefix, String stream, String consumer) {
    this.connection = connection;
    subject = prefix + NEXT + stream + "." + consumer;
    inbox = connection.createInbox();
    overNanos = System.nanoTime();
  }

  Connection connection() {
    return connection;
  }

  /** In front of where answers go. */
  String inbox() {
    return inbox;
  }

  /** What is wrong, once; empty for nothing. */
  synchronized String problem() {
    String words = problem;
    problem = "";
    return words;
  }

  /** Whether nothing more comes of the last question. */
  synchronized boolean isOver(long nowNanos) {
    return (!asking || missing <= 0 || nowNanos - overNanos > 0)
        && (asking || nowNanos - overNanos > 0);
  }

  /**
   * Whether the next message is longer than what was asked for: the server took longer ones once.
   */
  synchronized boolean isNextTooLong() {
    return tooLong;
  }

  /** Asks; for any length with 0 bytes. */
  void ask(int messages, long bytes, long nowNanos) {
    String reply;
    synchronized (this) {
      asking = true;
      asked = messages;
      missing = messages;
      overNanos = nowNanos + SILENT_NANOS;
      current = inbox + "." + ++questions;
      reply = current;
    }
    String most = bytes > 0 ? "\"max_bytes\":%d,".formatted(bytes) : "";
    String question = "{\"batch\":%d,%s\"expires\":%d}".formatted(messages, most, EXPIRES_NANOS);
    try {
      connection.publish(subject, reply, question.getBytes(US_ASCII));
    } catch (IllegalStateException e) {
      end("", nowNanos); // closed just now
    }
  }

  /** Nothing more comes of the last question, for a reason if it is unusual. */
  synchronized void end(String words, long nowNanos) {
    asking = false;
    missing = 0;
    overNanos = nowNanos + (words.isEmpty() ? 0 : PAUSE_NANOS);
    if (!words.isEmpty()) {
      problem = words;
    }
  }

  /** Whether this is a message of the stream; otherwise it says that no more come. */
  boolean came(Message message) {
    if (!message.isStatusMessage()) {
      synchronized (this) {
        missing--;
        tooLong = false;
      }
      return true;
    }
    Status status = message.getStatus();
    boolean isCurrent;
    synchronized (this) {
      isCurrent = message.getSubject().equals(current);
    }
    if (isCurrent) {
      String words = ForeignText.plain(status.getMessageWithCode());
      boolean full = words.contains("Exceeds MaxBytes");
      boolean usual =
          status.getCode() == TIMEOUT
              || status.getCode() == NOT_FOUND
              || words.contains("Batch Completed")
              || full;
      synchronized (this) {
        tooLong = full && missing == asked;
      }
      end(usual ? "" : "JetStream says: " + words, System.nanoTime());
    }
    return false;
  }
}
