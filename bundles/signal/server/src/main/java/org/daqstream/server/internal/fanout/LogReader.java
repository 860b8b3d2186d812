/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.server.internal.log.Chunk;
import org.daqstream.server.internal.log.DataFrame;
import org.daqstream.server.internal.log.LogEvent;
import org.daqstream.server.internal.log.LogPosition;
import org.daqstream.server.internal.log.LogSignal;
import org.daqstream.server.internal.log.SampleMemory;
import org.daqstream.server.internal.log.SharedLog;

/**
 * One client's cursor in the shared log; belongs to the fan-out thread. Runs of wanted frames leave
 * as they stand in the log, long ones without a copy. What needs more than that is a {@link
 * Subscriptions#SPECIAL special} entry: the first block of a new subscription, a hole, an event.
 */
final class LogReader {
  /** Runs from this length on are written without a copy. */
  private static final int DIRECT_BYTES = 16 * 1024;

  private final ClientOutput output;
  private final Subscriptions subscriptions;
  private final PeerProfile profile;
  private final SharedLog.ReaderPin pin;
  private final FrameCutter cutter;
  private boolean singly; // frames leave in another form than in the log, or with other numbers
  private final LogPosition position = new LogPosition();
  private long deliveredPackets;
  private int missedSigno = Integer.MAX_VALUE; // what is owed of signals from here on is not sent
  private Pace pace; // null: as much as the socket takes

  /** How far a reader got. */
  enum Progress {
    /** The limit is reached. */
    DONE,
    /** The socket takes no more now. */
    BLOCKED,
    /** What the client should read next is gone. */
    OVERTAKEN
  }

  /** A cursor that reads under its thread's pin. */
  LogReader(
      ClientOutput output,
      Subscriptions subscriptions,
      PeerProfile profile,
      SharedLog.ReaderPin pin) {
    this.output = output;
    this.subscriptions = subscriptions;
    this.profile = profile;
    this.pin = pin;
    this.cutter = new FrameCutter(output, profile);
    this.singly = profile.maxDataFrameBytes() < PeerProfile.LT.maxDataFrameBytes();
  }

  /** From now on some signals have other numbers for the client than in the log. */
  void useOwnNumbers() {
    singly = true;
  }

  LogPosition position() {
    return position;
  }

  long deliveredPackets() {
    return deliveredPackets;
  }

  /** Delivers what lies before {@code limit}, not more than a pace allows, if there is one. */
  Progress readUpTo(LogPosition limit, Pace givenPace) throws IOException {
    pace = givenPace;
    sendMissed();
    if (isHeld()) {
      return Progress.BLOCKED;
    }
    while (position.isBefore(limit)) {
      if (!pin.acquire(position.chunk, position.sequence)) {
        pin.release();
        return Progress.OVERTAKEN;
      }
      try {
        Chunk chunk = position.chunk;
        boolean last = position.sequence == limit.sequence;
        int to = last ? limit.index : chunk.entryCount();
        readChunk(chunk, to);
        if (output.isBlocked() || position.index < to) {
          return Progress.BLOCKED;
        }
        if (!last) {
          position.chunk = chunk.next;
          position.sequence++;
          position.index = 0;
        }
      } finally {
        pin.release();
      }
    }
    return Progress.DONE;
  }

  /** Whether no more is to be sent now. */
  private boolean isHeld() {
    return output.isBlocked() || (pace != null && pace.room() == 0);
  }

  private void readChunk(Chunk chunk, int to) throws IOException {
    while (position.index < to && !isHeld()) {
      int index = position.index;
      byte state = NumberedSubscriptions.UNWANTED;
      while (index < to
          && (state = subscriptions.state(chunk.signo(index))) == NumberedSubscriptions.UNWANTED) {
        index++;
      }
      position.index = index;
      if (index == to) {
        return;
      }
      if (state == NumberedSubscriptions.SPECIAL) {
        special(chunk, index, to);
      } else {
        int end = index + 1;
        while (end < to && subscriptions.state(chunk.signo(end)) == NumberedSubscriptions.WANTED) {
          end++;
        }
        sendRun(chunk, index, pace == null ? end : fitting(chunk, index, end));
      }
    }
  }

  /** Where the part of a run ends that the pace allows: one entry at least. */
  private int fitting(Chunk chunk, int from, int to) {
    return Math.max(from + 1, chunk.entryAt(chunk.start(from) + pace.room(), from, to));
  }

  private void sendRun(Chunk chunk, int from, int to) throws IOException {
    if (singly) {
      for (int index = from; index < to && !output.isBlocked(); index++) {
        position.index = index + 1;
        sendFrame(chunk, index);
      }
      return;
    }
    int start = chunk.start(from);
    int end = chunk.end(to - 1);
    deliveredPackets += to - from;
    if (end - start < DIRECT_BYTES) {
      position.index = to;
      output.put(bytes(chunk, start, end));
      return;
    }
    position.index = from;
    ByteBuffer run = bytes(chunk, start, end);
    output.putRun(run, to - from);
    if (!run.hasRemaining()) {
      position.index = to;
      return;
    }
    int sent = run.position() - chunk.base;
    int partial = chunk.entryAt(sent, from, to);
    position.index = partial;
    if (sent > chunk.start(partial)) {
      position.index = partial + 1;
      output.keep(bytes(chunk, sent, chunk.end(partial)));
    }
    deliveredPackets -= to - position.index;
  }

  /** Sends one data entry in the form that the client's family takes. */
  private void sendFrame(Chunk chunk, int index) throws IOException {
    deliveredPackets++;
    ByteBuffer frame = bytes(chunk, chunk.start(index), chunk.end(index));
    cutter.put(frame, subscriptions.find(chunk.signo(index) & Chunk.SIGNO_MASK), chunk.tick(index));
  }

  private ByteBuffer bytes(Chunk chunk, int start, int end) {
    return chunk.slab.readerView.limit(chunk.base + end).position(chunk.base + start);
  }

  private void special(Chunk chunk, int index, int to) throws IOException {
    int flagged = chunk.signo(index);
    position.index = index + 1;
    if (flagged == Chunk.EVENT) {
      event(chunk, index, to);
      return;
    }
    if (flagged == Chunk.VOID) {
      return;
    }
    Subscription subscription = subscriptions.find(flagged & Chunk.SIGNO_MASK);
    if (subscription == null) {
      return;
    }
    if (subscription.signal.isDomain()) {
      subscription.lineRow = chunk.row(index);
      subscription.lineTick = chunk.tick(index);
      subscriptions.synced(subscription);
    } else if (!subscription.synced && chunk.row(index) <= subscription.replayedRow) {
      return; // the client has this block's last sample, from before its subscription
    } else {
      tellRow(subscription, chunk.row(index), chunk.tick(index));
      if (subscription.hole != null) { // else stamps need not be looked at
        subscriptions.tellHole(subscription, chunk.row(index), tickOf(subscription, chunk, index));
      }
    }
    sendFrame(chunk, index);
  }

  /** Domain value of the first sample of a data entry. */
  private long tickOf(Subscription subscription, Chunk chunk, int index) {
    if (subscription.signal.table.isLinear()) {
      return chunk.tick(index);
    }
    ByteBuffer stamps = bytes(chunk, chunk.start(index), chunk.end(index));
    DataFrame.skipHeaders(stamps);
    return stamps.getLong(stamps.position());
  }

  /**
   * Goes to the catalogue's head without delivering what lies before it, but for what it says of
   * signals; notes for each subscription where its hole begins and, for the ledger, why. Does
   * nothing and gives false when the whole way there is not in the log any more.
   */
  boolean skipTo(Catalogue catalogue, String reason) throws IOException {
    LogPosition head = catalogue.head();
    LogPosition scan = new LogPosition();
    scan.set(position);
    while (scan.isBefore(head)) {
      Chunk chunk = scan.chunk;
      try {
        if (!pin.acquire(chunk, scan.sequence)) {
          return false;
        }
        boolean last = scan.sequence == head.sequence;
        noteHoles(chunk, scan.index, last ? head.index : chunk.entryCount(), reason);
        scan.sequence++;
        scan.index = 0;
        scan.chunk = chunk.next;
      } finally {
        pin.release();
      }
    }
    jumpTo(catalogue);
    return true;
  }

  /** Goes to the catalogue's head, whatever lies before it. */
  void jumpTo(Catalogue catalogue) throws IOException {
    subscriptions.skipTo(catalogue, position);
    position.set(catalogue.head());
    missedSigno = 0;
  }

  /**
   * Sends what signals keep and the client missed, as it would get it if it subscribed now: not
   * before its socket takes something, for meanwhile it may be put to another place again.
   */
  private void sendMissed() throws IOException {
    while (missedSigno < subscriptions.signoEnd() && !isHeld()) {
      Subscription subscription = subscriptions.find(missedSigno++);
      if (subscription != null && subscription.owesLast) {
        subscription.owesLast = false;
        SampleMemory.Sample last = subscription.signal.lastBefore(position);
        Subscription.Hole hole = subscription.hole;
        if (last != null && (hole == null || last.row() >= hole.row())) {
          subscriptions.tellHole(subscription, last.row(), last.tick());
          subscriptions.describe(subscription, last.row());
          replay(subscription, last);
        }
      }
    }
  }

  private void noteHoles(Chunk chunk, int from, int to, String reason) {
    for (int index = from; index < to; index++) {
      int flagged = chunk.signo(index);
      if (flagged == Chunk.EVENT || flagged == Chunk.VOID) {
        continue;
      }
      Subscription subscription = subscriptions.find(flagged & Chunk.SIGNO_MASK);
      if (subscription != null
          && subscription.hole == null
          && !subscription.signal.isDomain()
          && (subscription.synced || chunk.row(index) > subscription.replayedRow)) {
        subscription.hole =
            new Subscription.Hole(chunk.row(index), tickOf(subscription, chunk, index), reason);
      }
    }
  }

  /** Tells the client where a block's rows lie, when it does not know. */
  private void tellRow(Subscription subscription, long row, long tick) throws IOException {
    LogSignal signal = subscription.signal;
    if (!signal.table.isLinear()) {
      if (!subscription.synced && row != subscription.expectedRow) {
        // Blocks went into the log between the client's place there and its acknowledgement, or
        // siblings took the rows between. Later blocks have their stamps, whatever their rows.
        subscriptions.describe(subscription, row);
      }
      subscriptions.synced(subscription);
      return;
    }
    if (isScattered(signal)) {
      if (row != subscription.expectedRow) {
        subscriptions.describe(subscription, row);
      }
      subscription.expectedRow = row + 1;
    } else if (!signal.isConstant() && (subscription.synced || row != subscription.expectedRow)) {
      subscriptions.describe(subscription, row);
    }
    if (!subscription.synced) {
      Subscription domain = subscriptions.find(signal.table.domain.signo);
      if (!domain.synced || domain.lineRow != row || domain.lineTick != tick) {
        subscriptions.tellLine(subscription, row, tick);
      }
      subscriptions.synced(subscription);
    }
  }

  /** Whether the client takes a constant on a linear domain for samples with holes between. */
  private boolean isScattered(LogSignal signal) {
    return signal.isConstant() && signal.table.isLinear() && !profile.takesConstants(true);
  }

  /** Sends the sample that a signal had before the client subscribed. */
  void replay(Subscription subscription, SampleMemory.Sample last) throws IOException {
    LogSignal signal = subscription.signal;
    if (signal.table.isLinear()) {
      subscriptions.tellLine(subscription, last.row(), last.tick());
      subscriptions.unsync(signal.table);
    }
    cutter.replay(subscription, last);
    subscription.started = true;
    subscription.expectedRow = last.row() + 1;
    subscription.replayedRow =
        signal.isConstant() && signal.table.isLinear() && !isScattered(signal) ? -1 : last.row();
  }

  private void event(Chunk chunk, int index, int to) throws IOException {
    LogEvent event = chunk.events.get(index);
    if (event instanceof LogEvent.Available) {
      List<LogSignal> signals = new ArrayList<>();
      int next = index;
      while (next < to
          && chunk.signo(next) == Chunk.EVENT
          && chunk.events.get(next) instanceof LogEvent.Available available) {
        signals.add(available.signal());
        next++;
      }
      position.index = next;
      subscriptions.offer(signals, false);
    } else if (event instanceof LogEvent.Changed changed) {
      changed(changed);
    } else if (event instanceof LogEvent.Replayed) {
      replayed(event.signal());
    } else {
      subscriptions.withdraw(event.signal());
    }
  }

  /** For a client that subscribed before the signal had its last sample. */
  private void replayed(LogSignal signal) throws IOException {
    Subscription subscription = subscriptions.find(signal.signo);
    if (subscription != null && subscription.signal == signal && !subscription.started) {
      SampleMemory.Sample last = signal.lastBefore(position);
      if (last != null) {
        subscriptions.describe(subscription, last.row());
        replay(subscription, last);
      }
    }
  }

  private void changed(LogEvent.Changed event) throws IOException {
    if (!event.version().suits(profile)) {
      subscriptions.withdraw(event.signal());
      return;
    }
    subscriptions.offer(List.of(event.signal()), false);
    Subscription subscription = subscriptions.find(event.signal().signo);
    if (subscription != null && subscription.signal == event.signal()) {
      subscription.version = event.version();
      subscriptions.describe(subscription, event.row());
      subscription.expectedRow = event.row();
    }
  }
}
