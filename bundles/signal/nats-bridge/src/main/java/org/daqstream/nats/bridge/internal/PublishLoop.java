/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.base.support.SampleRing;
import org.daqstream.base.support.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes blocks from the ring, where publishing threads put them, and sends those of a signal that
 * come within a while as one message. One thread, {@code daqstream-nats-publish <name>}; everything
 * but the ring reaches it by a queue of steps.
 */
final class PublishLoop {
  private static final Logger LOG = LoggerFactory.getLogger(PublishLoop.class);
  private static final int LINES_PER_MINUTE = 10;
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long KEPT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** A sleeper may miss a call, so it does not sleep longer. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final PublishSettings settings;
  private final Predicate<String> filter;
  private final Subjects subjects;
  private final Announcer announcer;
  private final SampleRing ring;
  private final Queue<Runnable> steps = new ConcurrentLinkedQueue<>();
  private final SentTraffic total = new SentTraffic();
  private final LimitedLog problems = new LimitedLog(LOG::warn, LINES_PER_MINUTE);
  private final Worker worker;
  private volatile MessageSender sender;
  private volatile boolean isAsleep;
  private volatile int blockMessageBytes;

  // The loop's:
  private final DraftBuffers buffers = new DraftBuffers();
  private final Map<Integer, Draft> drafts = new HashMap<>();
  private final Map<String, Draft> byKey = new HashMap<>();
  private final Deque<Draft> filling = new ArrayDeque<>(); // the one that has waited longest first
  private long nextLookNanos = System.nanoTime();

  PublishLoop(
      String name, PublishSettings settings, Predicate<String> filter, Announcer announcer) {
    this.settings = settings;
    this.filter = filter;
    this.announcer = announcer;
    subjects = settings.subjects();
    ring = new SampleRing(settings.memoryBytes());
    setLimit(Integer.MAX_VALUE);
    worker = new Worker("daqstream-nats-publish " + name, this::run);
  }

  void start(MessageSender to) {
    sender = to;
    worker.start();
  }

  SampleRing ring() {
    return ring;
  }

  /** What has gone of all signals that there have been. */
  SentTraffic total() {
    return total;
  }

  /** How long the message of one block may be, as far as is known. */
  int blockMessageBytes() {
    return blockMessageBytes;
  }

  private void setLimit(int taken) {
    int server = taken == Integer.MAX_VALUE ? settings.messageBytes() : taken;
    blockMessageBytes = Math.min(server, ring.entryLimitBytes() - OutgoingSignal.ENTRY_HEAD_BYTES);
  }

  boolean wants(String signalId) {
    return filter.test(signalId);
  }

  /** A signal came; by the registry's thread. */
  void opened(OutgoingSignal signal) {
    announcer.put(signal);
    inLoop(
        () -> {
          Draft draft = new Draft(signal, subjects.data(signal.signalId()), buffers);
          drafts.put(signal.number, draft);
          byKey.put(Subjects.key(signal.signalId()), draft);
          if (settings.isKeeping()) {
            signal.want(true);
          }
        });
  }

  /** A signal has another description; by the registry's thread. */
  void described(OutgoingSignal signal) {
    announcer.put(signal);
  }

  /** A signal is gone; by the registry's thread. */
  void closed(OutgoingSignal signal) {
    announcer.remove(signal);
    long behind = ring.tail();
    inLoop(() -> leave(signal, behind));
  }

  /** What was written before a signal was closed still goes. */
  private void leave(OutgoingSignal signal, long behind) {
    if (ring.head() < behind) {
      steps.add(() -> leave(signal, behind));
      return;
    }
    Draft draft = drafts.remove(signal.number);
    if (draft != null) {
      byKey.remove(Subjects.key(signal.signalId()), draft);
      flush(draft);
      filling.remove(draft);
    }
  }

  /** Somebody wants signals for a while; any thread. */
  void wanted(WantMessage message) {
    inLoop(
        () -> {
          long now = System.nanoTime();
          long until = now + TimeUnit.MILLISECONDS.toNanos(WantMessage.LEASE_MS);
          for (String key : message.keys()) {
            Draft draft = byKey.get(key);
            if (draft != null) {
              if (!settings.isKeeping()) {
                draft.want(until);
              }
              offerKept(draft, now);
            }
          }
        });
  }

  private void offerKept(Draft draft, long now) {
    byte[] kept = draft.keptMessage(now, KEPT_PAUSE_NANOS);
    if (kept != null) {
      sender.offer(draft.subject, kept);
    }
  }

  /** Keeps a sample from before this sink came; any thread. */
  void keep(OutgoingSignal signal, boolean isStamped, int description, ByteBuffer block) {
    inLoop(
        () -> {
          Draft draft = drafts.get(signal.number);
          if (draft != null) {
            draft.keep(isStamped ? OutgoingSignal.STAMPED : 0, description, block);
          }
        });
  }

  private void inLoop(Runnable step) {
    steps.add(step);
    worker.wake();
  }

  /** There may be something to do; by publishing threads. */
  void wake() {
    if (isAsleep) {
      isAsleep = false;
      worker.wake();
    }
  }

  private void run(Worker self) {
    self.repeat(this::turn, e -> problems.say(() -> "a turn of the loop failed: " + e));
  }

  /** One turn; how long to rest. */
  private long turn() {
    int count = steps.size();
    for (int i = 0; i < count; i++) {
      steps.remove().run();
    }
    long now = System.nanoTime();
    long restNanos = Math.min(REST_NANOS, sender.turn(now));
    setLimit(sender.limitBytes());
    boolean isIdle = drain(now);
    restNanos = Math.min(restNanos, flushDue(System.nanoTime()));
    ring.reopen();
    if (now - nextLookNanos >= 0) {
      nextLookNanos = now + LOOK_NANOS;
      if (!settings.isKeeping()) {
        drafts.values().forEach(each -> each.endWant(now));
        tellEnds(isIdle);
      }
    }
    if (!isIdle || !steps.isEmpty()) {
      return sender.hasRoom() ? 0 : Math.min(restNanos, LOOK_NANOS / 1000);
    }
    isAsleep = true;
    return ring.usedBytes() > 0 && sender.hasRoom() ? 0 : restNanos;
  }

  /** With a stream its readers find the end. */
  private void tellEnds(boolean isIdle) {
    if (!isIdle || sender.isDropping()) {
      return;
    }
    for (Draft each : drafts.values()) {
      byte[] end = each.endMessage();
      if (end != null) {
        sender.offer(each.subject, end);
      }
    }
  }

  /** Takes what is in the ring, as far as there is room; whether it is empty. */
  private boolean drain(long now) {
    boolean isDropping = sender.isDropping();
    long end = ring.tail();
    while (ring.head() < end) {
      if (!isDropping && !sender.hasRoom()) {
        return false;
      }
      ByteBuffer entry = ring.peek();
      if (entry == null) {
        return false;
      }
      take(entry, isDropping, now);
      ring.next();
    }
    return true;
  }

  private void take(ByteBuffer entry, boolean isDropping, long now) {
    Draft draft = drafts.get(entry.getInt());
    int flags = entry.getInt();
    int description = entry.getInt();
    if (draft == null) {
      return;
    }
    boolean isKeptOnly = (flags & OutgoingSignal.KEPT) != 0;
    int count = BlockMessage.countOf(entry);
    if (draft.signal.isKept() && count == 1) {
      draft.keep(flags, description, entry);
    }
    if (isKeptOnly) {
      return;
    }
    if (draft.signal.isKept() && count > 1) {
      draft.keep(flags, description, BlockMessage.lastOf(entry, (flags & 1) != 0, draft.delta()));
    }
    int bytes = BlockMessage.HEAD_BYTES + entry.remaining();
    draft.passed(entry.getLong(entry.position()) + count);
    if (isDropping) {
      draft.signal.traffic.lost(count);
    } else if (bytes > sender.limitBytes()) {
      draft.signal.traffic.lost(count);
      problems.say(
          () ->
              "signal %s: samples make a message of %d B, and the server takes %d B"
                  .formatted(draft.signal.signalId(), bytes, sender.limitBytes()));
    } else {
      add(draft, flags, description, entry, now);
    }
  }

  private void add(Draft draft, int flags, int description, ByteBuffer block, long now) {
    int most = Math.min(settings.messageBytes(), sender.limitBytes());
    if (!draft.takes(flags, description, block.remaining(), most)) {
      flush(draft); // it keeps its place, so the next one goes early
    }
    if (BlockMessage.HEAD_BYTES + block.remaining() >= most) {
      send(draft, draft.alone(flags, description, block, sender.anchor(draft)));
      return;
    }
    if (!draft.isQueued()) {
      draft.queue(now);
      filling.addLast(draft);
    }
    draft.add(flags, description, block, sender.anchor(draft));
  }

  /** Sends what has waited long enough; in how many nanoseconds the next is due. */
  private long flushDue(long now) {
    while (!filling.isEmpty()) {
      long left = filling.getFirst().queuedNanos() + settings.delayNanos() - now;
      if (left > 0) {
        return left;
      }
      Draft due = filling.removeFirst();
      due.leaveQueue();
      flush(due);
    }
    return REST_NANOS;
  }

  private void flush(Draft draft) {
    if (draft.isEmpty()) {
      return;
    }
    if (sender.isDropping()) {
      draft.signal.traffic.lost(draft.drop());
      return;
    }
    send(draft, draft.take());
  }

  private void send(Draft draft, Draft.Ready ready) {
    if (sender.send(ready)) {
      draft.signal.traffic.sent(ready.blocks(), ready.samples(), ready.bytes().length);
    } else {
      draft.signal.traffic.lost(ready.samples());
    }
  }

  /** The signals, for what is told of them; any thread. */
  List<OutgoingSignal> signals() {
    return announcer.signals();
  }

  /** Ends; what is in the ring is sent if it can be, within a while. */
  void stop(long limitMs) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
    while (ring.usedBytes() > 0 && System.nanoTime() - end < 0 && worker.thread().isAlive()) {
      worker.wake();
      worker.join(1);
    }
    worker.stop(limitMs);
    for (Draft each : new ArrayList<>(filling)) {
      flush(each);
    }
    sender.close();
  }
}
