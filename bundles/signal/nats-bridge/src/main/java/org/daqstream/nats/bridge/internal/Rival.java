/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

/**
 * Another publisher of a signal's id: it takes the place of the first one when that is gone, and is
 * refused while that is heard. Under the lock of the import.
 */
final class Rival {
  private final Publishers publishers;
  private SignalAnnouncement announced; // null while there is none
  private long sinceNanos;
  private boolean isRefused;

  /** What to do with it. */
  enum Verdict {
    /** It is not known yet who is there. */
    WAIT,
    /** The first one is there. */
    REFUSE,
    /** The first one is gone. */
    TAKE
  }

  Rival(Publishers publishers) {
    this.publishers = publishers;
  }

  /** Whether a description is a rival's, besides the one that holds, which may be {@code null}. */
  boolean isOne(SignalAnnouncement other, SignalAnnouncement holding) {
    return holding != null
        && !other.publisher().equals(holding.publisher())
        && publishers.isHeardLately(holding.publisher());
  }

  /** It describes the signal; whether it is one that was not known. */
  boolean set(SignalAnnouncement other, long nowNanos) {
    boolean isNew = announced == null || !announced.publisher().equals(other.publisher());
    if (isNew) {
      sinceNanos = nowNanos;
      isRefused = false;
    }
    isRefused &= announced != null && announced.epoch() == other.epoch();
    announced = other;
    return isNew;
  }

  /** What it says; {@code null} when there is none. */
  SignalAnnouncement announced() {
    return announced;
  }

  /** What has become clear since it was asked last. */
  Verdict judge(SignalAnnouncement holding) {
    if (announced == null || !publishers.isAlive(announced.publisher())) {
      return Verdict.WAIT;
    }
    boolean isFirstGone = // both were asked, and the other one is there
        publishers.isHeardSince(announced.publisher(), sinceNanos)
            && publishers.isMissed(holding.publisher(), sinceNanos);
    if ((!isRefused && isFirstGone) || !publishers.isHeardLately(holding.publisher())) {
      return Verdict.TAKE;
    }
    if (isRefused || !publishers.isHeardSince(holding.publisher(), sinceNanos)) {
      return Verdict.WAIT;
    }
    isRefused = true;
    return Verdict.REFUSE;
  }

  /** There is none any more; gives the one that there was. */
  SignalAnnouncement take() {
    SignalAnnouncement last = announced;
    announced = null;
    isRefused = false;
    return last;
  }
}
