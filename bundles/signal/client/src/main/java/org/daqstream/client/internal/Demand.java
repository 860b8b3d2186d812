/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
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

  final String signalId;
  final String contract;
  private final Ender overrun;
  private final LongAdder samples;
  private final LongAdder gaps;
  private final AtomicReference<Feed[]> feeds = new AtomicReference<>(NOBODY);

  /** The description, for feeds that come later. */
  private volatile RemoteSignal remote;

  /** The last value of a signal that says each only once. */
  private volatile SampleBlock lastConstant;

  /** Nobody wanted it for a while: what lies before the next block is not missing. */
  private volatile boolean isFresh = true;

  /** What still comes belongs to a subscription that was given up. */
  private volatile boolean isMuted;

  private final Continuity continuity = new Continuity();

  /** Nobody wants it yet. */
  Demand(String signalId, String contract, Ender overrun, LongAdder samples, LongAdder gaps) {
    this.signalId = signalId;
    this.contract = contract;
    this.overrun = overrun;
    this.samples = samples;
    this.gaps = gaps;
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
    return feeds.get().length > 0;
  }

  RemoteSignal remote() {
    return remote;
  }

  /** Adds a feed, which is told what is known; true for the first one. */
  boolean add(Feed feed) {
    RemoteSignal known = remote;
    if (known != null) {
      feed.described(known);
    }
    if (!isWanted()) {
      isFresh = true;
    } else if (lastConstant != null) {
      feed.block(lastConstant);
    }
    boolean isFirst = feeds.getAndUpdate(now -> with(now, feed)).length == 0;
    RemoteSignal now = remote;
    if (!Objects.equals(now, known)) {
      feed.described(now);
    }
    return isFirst;
  }

  /** Takes a feed off; true when it was the last one. */
  boolean remove(Feed feed) {
    Feed[] before = feeds.getAndUpdate(now -> without(now, feed));
    return before.length > 0 && !isWanted();
  }

  private static Feed[] with(Feed[] now, Feed feed) {
    List<Feed> all = new ArrayList<>(List.of(now));
    all.add(feed);
    return all.toArray(NOBODY);
  }

  private static Feed[] without(Feed[] now, Feed feed) {
    List<Feed> all = new ArrayList<>(List.of(now));
    all.remove(feed);
    return all.toArray(NOBODY);
  }

  /** The connection is gone, or the signal. */
  void interrupted(String why) {
    lastConstant = null;
    continuity.interrupted();
    for (Feed each : feeds.get()) {
      each.interrupted(why);
    }
  }

  /** Nothing comes any more. */
  void end(String why) {
    for (Feed each : feeds.getAndSet(NOBODY)) {
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
    for (Feed each : feeds.get()) {
      each.refused(why);
    }
  }

  @Override
  public void described(RemoteSignal signal) {
    remote = signal;
    for (Feed each : feeds.get()) {
      each.described(signal);
    }
  }

  @Override
  public void lost(LossMessage loss) {
    continuity.lost(loss);
  }

  @Override
  public void block(SampleBlock block, boolean isSparse) {
    Feed[] all = feeds.get();
    if (all.length == 0 || isMuted) {
      return;
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
      lastConstant = kept;
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
