/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What the network told of one service instance, and until when it holds. */
final class FoundService {
  private static final int TEXT_STRINGS = 48;
  private static final int TEXT_CHARS = 8_192;
  private static final int SENDERS = 4;
  private static final int QUESTIONS = 3;
  private static final long FIRST_QUESTION_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long QUESTION_DISTANCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final DnsName type;
  private final DnsName name;
  private final Set<InetAddress> senders = new LinkedHashSet<>();
  private final Lease pointer = new Lease();
  private final Lease location = new Lease();
  private final Lease text = new Lease();
  private DnsRecord.Location where;
  private List<String> strings = List.of();
  private int questions;
  private long nextQuestionNanos;

  /** How long something holds. */
  static final class Lease {
    private long fromNanos;
    private long untilNanos;
    private boolean running;

    /** A time to live of 0 takes the fact back, after a second in which another may save it. */
    void renew(long ttlSeconds, long nowNanos) {
      if (ttlSeconds > 0 || running) {
        running = true;
        fromNanos = nowNanos;
        long seconds = Math.max(1, Math.min(ttlSeconds, Browser.TTL_LIMIT_S));
        untilNanos = nowNanos + TimeUnit.SECONDS.toNanos(seconds);
      }
    }

    boolean holds(long nowNanos) {
      return running && nowNanos - untilNanos < 0;
    }

    /** Whether there is less left than a fifth. */
    boolean endsSoon(long nowNanos) {
      return untilNanos - nowNanos < (untilNanos - fromNanos) / 5;
    }

    long untilNanos() {
      return untilNanos;
    }

    long secondsLeft(long nowNanos) {
      return TimeUnit.NANOSECONDS.toSeconds(untilNanos - nowNanos);
    }
  }

  FoundService(DnsName type, DnsName name, long nowNanos) {
    this.type = type;
    this.name = name;
    nextQuestionNanos = nowNanos + FIRST_QUESTION_NANOS;
  }

  DnsName name() {
    return name;
  }

  void pointed(long ttlSeconds, InetAddress sender, long nowNanos) {
    pointer.renew(ttlSeconds, nowNanos);
    if (senders.size() < SENDERS) {
      senders.add(sender);
    }
  }

  void located(DnsRecord.Location at, long ttlSeconds, long nowNanos) {
    if (ttlSeconds > 0) {
      where = at;
      questions = 0;
    }
    location.renew(ttlSeconds, nowNanos);
  }

  void told(List<String> all, long ttlSeconds, long nowNanos) {
    if (ttlSeconds > 0) {
      strings = bounded(all);
      questions = 0;
    }
    text.renew(ttlSeconds, nowNanos);
  }

  private static List<String> bounded(List<String> all) {
    List<String> some = new ArrayList<>();
    int chars = 0;
    for (String string : all) {
      chars += string.length();
      if (some.size() == TEXT_STRINGS || chars > TEXT_CHARS) {
        break;
      }
      some.add(string);
    }
    return some;
  }

  boolean holds(long nowNanos) {
    return pointer.holds(nowNanos);
  }

  boolean isLocated(long nowNanos) {
    return location.holds(nowNanos) && text.holds(nowNanos);
  }

  /** Where it is as far as is known; null when it is not. */
  DnsRecord.Location where() {
    return where;
  }

  List<String> strings() {
    return strings;
  }

  Set<InetAddress> senders() {
    return senders;
  }

  /** The pointer with the time it still holds, for others to know that we know. */
  DnsRecord known(long nowNanos) {
    return new DnsRecord(
        type, false, Math.max(0, pointer.secondsLeft(nowNanos)), new DnsRecord.Pointer(name));
  }

  /** Whether something is to be asked now; counts as asked then. */
  boolean takeQuestion(long nowNanos) {
    if (nowNanos - nextQuestionNanos < 0) {
      return false;
    }
    nextQuestionNanos = nowNanos + QUESTION_DISTANCE_NANOS;
    boolean wanted = !isLocated(nowNanos) || location.endsSoon(nowNanos) || text.endsSoon(nowNanos);
    return wanted && questions++ < QUESTIONS;
  }

  /** When the next of these times comes: of a question or of an end. */
  long nextNanos() {
    return Math.min(nextQuestionNanos, pointer.untilNanos());
  }
}
