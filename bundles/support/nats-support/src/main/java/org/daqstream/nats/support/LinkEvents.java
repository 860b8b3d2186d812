/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.support;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamSubscription;
import io.nats.client.support.Status;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import org.daqstream.base.support.ForeignText;
import org.daqstream.tls.support.TlsProblem;

/** What jnats tells of one connection, on any of its threads and under its locks. */
final class LinkEvents implements ErrorListener, ConnectionListener {
  private static final int PROBLEMS_MAX = 100;
  private static final int CHARS_MAX = 400;

  /** What jnats says "Read channel closed" for. */
  static final String ENDED = "the server has ended the connection";

  private static final String PERMISSIONS = "Permissions Violation for ";

  private final Runnable wakeUp;
  private final ArrayBlockingQueue<String> problems = new ArrayBlockingQueue<>(PROBLEMS_MAX);
  private final Set<Consumer> slow = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;
  private volatile boolean silent;
  private volatile String last = "";
  private volatile String refusal = "";
  private final AtomicLong refusedMessages = new AtomicLong();
  private final AtomicLong refusedSubscriptions = new AtomicLong();
  private Thread connecting; // null when none is, or when it was interrupted

  /**
   * With nothing told.
   *
   * @param wakeUp run when there is something to look at; must not block
   */
  LinkEvents(Runnable wakeUp) {
    this.wakeUp = wakeUp;
  }

  /** This thread begins to connect, and may be interrupted from now on. */
  synchronized void connecting() {
    connecting = Thread.currentThread();
  }

  /** This thread has connected, or not. */
  synchronized void connected() {
    connecting = null;
    Thread.interrupted();
  }

  /** Ends an attempt to connect: jnats waits for its time-out, whatever it has heard. */
  synchronized void abort() {
    if (connecting != null) {
      connecting.interrupt();
      connecting = null; // once, or it would not clean up
    }
  }

  /** The other side is gone; what connects need not wait for its answer. */
  synchronized void brokenOff(IOException cause) {
    if (connecting != null) {
      last = ForeignText.plain(text(cause), CHARS_MAX);
      abort();
    }
  }

  /** Whether the connection is of no use any more. */
  boolean isEnded() {
    return ended;
  }

  /** Whether jnats gives it up because pings are not answered. */
  boolean isSilent() {
    return silent;
  }

  /** What was wrong last, in words; empty for nothing. */
  String last() {
    return last;
  }

  /** What the server said last; empty for nothing. */
  String refusal() {
    return refusal;
  }

  /** The next problem; null for none. */
  String nextProblem() {
    return problems.poll();
  }

  /** Messages that jnats dropped because nobody took them. */
  long dropped() {
    return slow.stream().mapToLong(Consumer::getDroppedCount).sum();
  }

  /** Messages that the server has not let through, told before it answers what came later. */
  long refusedMessages() {
    return refusedMessages.get();
  }

  /** Subscriptions that it has not made, or has ended, told so as well. */
  long refusedSubscriptions() {
    return refusedSubscriptions.get();
  }

  private void problem(String text) {
    last = ForeignText.plain(text, CHARS_MAX);
    problems.offer(last); // so many at once are said in part
    wakeUp.run();
  }

  @Override
  @SuppressWarnings("deprecation") // it is the one that has to be there
  public void connectionEvent(Connection connection, Events event) {
    if (event == Events.CONNECTED) {
      ended = false; // at one address after the other had not answered
    } else if (event == Events.CLOSED || event == Events.DISCONNECTED) {
      ended = true;
      wakeUp.run();
    }
  }

  @Override
  public void errorOccurred(Connection connection, String error) {
    if (error.startsWith(PERMISSIONS + "Publish")) {
      refusedMessages.incrementAndGet();
    } else if (error.startsWith(PERMISSIONS + "Subscription")) {
      refusedSubscriptions.incrementAndGet();
    }
    refusal = "the server says: " + error;
    problem(refusal);
    abort();
  }

  @Override
  public void exceptionOccurred(Connection connection, Exception exception) {
    if (isSilence(exception)) {
      silent = true;
    }
    if (exception instanceof IOException || exception instanceof IllegalStateException) {
      last = ForeignText.plain(text(exception), CHARS_MAX); // the end follows, and is told
    } else if (!(exception instanceof InterruptedException)) { // which comes from here
      problem(text(exception));
    }
  }

  @Override
  public void slowConsumerDetected(Connection connection, Consumer consumer) {
    slow.add(consumer);
    problem("messages come faster than they are taken and are dropped");
  }

  @Override
  public void unhandledStatus(
      Connection connection, JetStreamSubscription subscription, Status status) {
    problem("JetStream says: " + status.getMessageWithCode());
  }

  @Override
  public void pullStatusError(
      Connection connection, JetStreamSubscription subscription, Status status) {
    problem("JetStream says: " + status.getMessageWithCode());
  }

  @Override
  public void socketWriteTimeout(Connection connection) {
    problem("the server does not read");
  }

  private static boolean isSilence(Throwable failure) {
    return String.valueOf(failure.getMessage()).startsWith("Max outgoing Ping");
  }

  /** What went wrong, in words. */
  static String text(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof SSLException)) {
      cause = cause.getCause();
    }
    if (cause instanceof SSLException) {
      return TlsProblem.text(cause);
    }
    String words = cause.getMessage() == null ? "" : cause.getMessage();
    if (words.startsWith("Read channel closed")) {
      return ENDED;
    }
    if (isSilence(cause)) {
      return "the server does not answer";
    }
    return words.isEmpty() ? cause.getClass().getSimpleName() : words;
  }
}
