/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.daqstream.base.support.SampleRing;

/** What happens between samples, in its place among them. Any thread adds, one takes. */
final class ChangeQueue {
  /** Something that happens. */
  interface Change {
    void run() throws IOException;
  }

  /** Where it happens; a signal that comes may come earlier, because it has no samples yet. */
  private record Entry(long position, RecordedSignal opened, Change change) {}

  private final SampleRing ring;
  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();

  ChangeQueue(SampleRing ring) {
    this.ring = ring;
  }

  /** Behind all samples that were published until now. */
  void add(Change change) {
    entries.add(new Entry(ring.tail(), null, change));
  }

  void addOpened(RecordedSignal signal) {
    entries.add(new Entry(ring.tail(), signal, null));
  }

  /** Signals that come are to be known before their first samples are looked at. */
  void openEarly(Predicate<RecordedSignal> isFree, Consumer<RecordedSignal> open) {
    Entry next = entries.peek();
    while (next != null && next.opened != null && isFree.test(next.opened)) {
      entries.remove();
      open.accept(next.opened);
      next = entries.peek();
    }
  }

  /** Carries out what is to happen before the sample that is next in the ring. */
  void happen(Consumer<RecordedSignal> open) throws IOException {
    Entry next = entries.peek();
    while (next != null && next.position <= ring.head()) {
      entries.remove();
      if (next.opened != null) {
        open.accept(next.opened);
      } else {
        next.change.run();
      }
      next = entries.peek();
    }
  }
}
