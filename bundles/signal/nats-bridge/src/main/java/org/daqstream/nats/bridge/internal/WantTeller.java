/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.daqstream.base.support.OrderedTasks;

/** Says what an import wants, in as many messages as it takes. */
final class WantTeller {
  /** Small ones, as each is for all publishers. */
  private static final int MOST_BYTES = 32_768;

  private static final int HEAD_BYTES = 200;

  private final String importer;
  private final Subjects subjects;
  private final OrderedTasks tasks;
  private final Supplier<ImportWire> wire;
  private final Supplier<List<String>> keys;
  private final AtomicBoolean isQueued = new AtomicBoolean();

  /**
   * For the life of an import.
   *
   * @param wire to say it by; {@code null} while there is none
   * @param keys what is wanted now
   */
  WantTeller(
      String name,
      Subjects subjects,
      OrderedTasks tasks,
      Supplier<ImportWire> wire,
      Supplier<List<String>> keys) {
    this.subjects = subjects;
    this.tasks = tasks;
    this.wire = wire;
    this.keys = keys;
    importer = name + '-' + UUID.randomUUID();
  }

  /** Has it said soon; any thread. */
  void sayAgain() {
    if (isQueued.compareAndSet(false, true)) {
      tasks.execute(this::say);
    }
  }

  /** Says it; by the tasks. */
  void say() {
    isQueued.set(false);
    ImportWire to = wire.get();
    if (to != null) {
      say(to, keys.get());
    }
  }

  /** Says that nothing is wanted any more. */
  void sayNothing(ImportWire to) {
    send(to, List.of());
  }

  /** Asks publishers whether they are there; any thread. */
  void ask(List<String> publishers) {
    tasks.execute(
        () -> {
          ImportWire to = wire.get();
          if (to != null) {
            byte[] message = new WantMessage(importer, List.of(), publishers).bytes();
            to.publish(subjects.wanted(), message);
          }
        });
  }

  private void say(ImportWire to, List<String> wanted) {
    long limit = Math.min(MOST_BYTES, to.messageBytes() - HEAD_BYTES);
    List<String> some = new ArrayList<>();
    long bytes = 0;
    for (String each : wanted) {
      if (bytes + each.length() >= limit && !some.isEmpty()) {
        send(to, some);
        some.clear();
        bytes = 0;
      }
      some.add(each);
      bytes += each.length() + 1;
    }
    send(to, some);
  }

  private void send(ImportWire to, List<String> keys) {
    to.publish(subjects.wanted(), new WantMessage(importer, keys).bytes());
  }
}
