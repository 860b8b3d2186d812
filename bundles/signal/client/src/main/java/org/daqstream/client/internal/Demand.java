/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.SampleBlock;
import org.daqstream.protocol.LossMessage;

/**
 * One signal that somebody wants, and the feeds of all who do. It outlives connections.
 *
 * <p>Feeds come and go by any thread; samples come by the one that reads.
 */
public final class Demand implements SampleTarget {
  private static final Feed[] NOBODY = {};

  /** Why a feed is taken off, by whom that is told. */
  interface Ender {
    void end(Demand demand, Feed feed, String why);
  }

  /** What became of a feed. */
  enum Added {
    /** It is the only one. */
    FIRST,
    /** It is one of several, or was told the end. */
    TO_OTHERS,
    /** The demand has retired. */
    NOT
  }

  final String signalId;
  final String contract;
  private final Ender overrun;
  private final LongAdder samples;
  private final LongAdder gaps;

  /**
   * Held while a feed gets what is known, so that it misses nothing that comes meanwhile and is
   * told nothing older behind it; its listener is called behind that.
   */
  private final Object lock = new Object();

  private volatile Feed[] feeds = NOBODY; // changed under the lock

  /** The description, for feeds that come later. */
  private volatile RemoteSignal remote; // changed under the lock

  /** The last value of a signal that says each only once. */
  private SampleBlock lastConstant; // under the lock

  /** Nobody wanted it for a while: what lies before the next block is not missing. */
  private volatile boolean isFresh = true;

  /** What still comes belongs to a subscription that was given up. */
  private volatile boolean isMuted;

  /** Feeds have been told that nothing comes for now. */
  private volatile boolean isInterrupted;

  private String end; // why nothing comes any more, null while it may; under the lock

  private boolean isRetired; // under the lock

  private final Continuity continuity = new Continuity();

  /** Nobody wants it yet. */
  Demand(String signalId, String contract, Ender overrun, LongAdder samples, LongAdder gaps) {
    this.signalId = signalId;
    this.contract = contract;
    this.overrun = overrun;
    this.samples = samples;
    this.gaps = gaps;
  }

  /** The demand for every sample of the same signal. */
  Demand plain() {
    return new Demand(signalId, "", overrun, samples, gaps);
  }

  /** What stands in commands. */
  String commandId() {
    return contract.isEmpty() ? signalId : signalId + "?" + contract;
  }

  /** What the device's acknowledgement names: with some contracts a signal of its own. */
  String wireId() {
    return contract.isEmpty() || contract.startsWith("contract=gap") ? signalId : commandId();
  }

  boolean isWanted() {
    return feeds.length > 0;
  }

  /** Tells what the device said of the signal when nobody wanted it. */
  void known(RemoteSignal signal) {
    Feed[] all;
    synchronized (lock) {
      if (remote != null) {
        return;
      }
      remote = signal;
      all = feeds;
    }
    for (Feed each : all) {
      each.described(signal);
    }
  }

  /** Takes no more feeds, if it has none; another demand takes its place. */
  boolean retire() {
    synchronized (lock) {
      isRetired = feeds.length == 0 && end == null;
      return isRetired;
    }
  }

  /** Adds a feed, which is told what is known. */
  Added add(Feed feed) {
    feed.hold();
    try {
      synchronized (lock) {
        return addHeld(feed);
      }
    } finally {
      feed.release();
    }
  }

  private Added addHeld(Feed feed) {
    if (isRetired) {
      return Added.NOT;
    }
    if (end != null) {
      feed.ended(end);
      return Added.TO_OTHERS;
    }
    boolean isFirst = !isWanted();
    if (isFirst) {
      isFresh = true;
      lastConstant = null;
    }
    if (remote != null) {
      feed.described(remote);
    }
    if (lastConstant != null) {
      feed.block(lastConstant);
    }
    List<Feed> all = new ArrayList<>(List.of(feeds));
    all.add(feed);
    feeds = all.toArray(NOBODY);
    return isFirst ? Added.FIRST : Added.TO_OTHERS;
  }

  /** Takes a feed off; true when it was the last one. */
  boolean remove(Feed feed) {
    synchronized (lock) {
      List<Feed> all = new ArrayList<>(List.of(feeds));
      boolean wasThere = all.remove(feed);
      feeds = all.toArray(NOBODY);
      return wasThere && all.isEmpty();
    }
  }

  /** The subscription is at its end; not in order if somebody wants it. */
  void endedByDevice() {
    if (isWanted() && !isMuted) {
      interrupted("the device has ended the subscription");
    }
  }

  /** The connection is gone, or the signal; told once until it is there again. */
  void interrupted(String why) {
    continuity.interrupted();
    if (isInterrupted) {
      return;
    }
    isInterrupted = true;
    Feed[] all;
    synchronized (lock) {
      lastConstant = null;
      all = feeds;
    }
    for (Feed each : all) {
      each.interrupted(why);
    }
  }

  /** Nothing comes any more, for those neither who come later. */
  void end(String why) {
    Feed[] all;
    synchronized (lock) {
      end = why;
      all = feeds;
      feeds = NOBODY;
    }
    for (Feed each : all) {
      each.ended(why);
    }
  }

  /** The device was told that nobody wants it: what still comes is for nobody who comes now. */
  void mute() {
    isMuted = true;
  }

  /** A subscription begins. */
  void unmute() {
    if (isMuted) {
      isFresh = true;
      isMuted = false;
    }
  }

  /** The device does not give it. */
  void refused(String why) {
    for (Feed each : feeds) {
      each.refused(why);
    }
  }

  @Override
  public void described(RemoteSignal signal) {
    Feed[] all;
    isInterrupted = false;
    synchronized (lock) {
      remote = signal;
      all = feeds;
    }
    for (Feed each : all) {
      each.described(signal);
    }
  }

  @Override
  public void lost(LossMessage loss) {
    continuity.lost(loss);
  }

  @Override
  public boolean joinsPackets() {
    for (Feed each : feeds) {
      if (!each.joinsPackets()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void block(SampleBlock block, boolean isSparse) {
    Feed[] all = feeds;
    if (all.length == 0 || isMuted) {
      return;
    }
    if (isInterrupted) {
      isInterrupted = false;
    }
    if (isFresh) {
      isFresh = false;
      continuity.forget();
    }
    Gap gap = continuity.before(block, isSparse);
    if (gap != null) {
      gaps.increment();
      for (Feed each : all) {
        each.gap(gap);
      }
    }
    samples.add(block.count());
    SampleBlock kept = null;
    if (isSparse) {
      kept = block.copy();
      synchronized (lock) {
        lastConstant = kept;
        all = feeds; // who has come since is not told it by anybody else
      }
    }
    for (Feed each : all) {
      if (!each.isDirect() && kept == null) {
        kept = block.copy();
      }
      if (!each.block(each.isDirect() ? block : kept)) {
        overrun.end(this, each, "the consumer was slower than its queue is long");
      }
    }
  }
}
