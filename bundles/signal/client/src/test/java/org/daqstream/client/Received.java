/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.daqstream.testing.Await;

/** Remembers what a listener is told, in short words. */
final class Received implements SampleListener {
  private final List<String> events = new ArrayList<>(); // under its monitor
  private final List<SampleBlock> blocks = new ArrayList<>(); // under the monitor of events
  private final List<Gap> gaps = new ArrayList<>(); // under the monitor of events

  @Override
  public void block(SampleBlock block) {
    synchronized (events) {
      blocks.add(block.copy());
      events.add(words(block));
    }
  }

  private static String words(SampleBlock block) {
    String values =
        block.signal().valuesPerSample() == 0
            ? block.count() + " samples"
            : Arrays.toString(block.values());
    return "%d: %s%s"
        .formatted(block.row(), values, block.hasTicks() ? " at " + block.tick(0) : "");
  }

  @Override
  public void gap(Gap gap) {
    synchronized (events) {
      gaps.add(gap);
      events.add(
          "%s %d-%d%s"
              .formatted(
                  gap.reason(),
                  gap.fromRow(),
                  gap.toRow(),
                  gap.isTimeKnown() ? " at " + gap.fromTick() + "-" + gap.toTick() : ""));
    }
  }

  @Override
  public void described(RemoteSignal signal) {
    synchronized (events) {
      events.add("described");
    }
  }

  @Override
  public void interrupted(String why) {
    synchronized (events) {
      events.add("interrupted");
    }
  }

  @Override
  public void ended(String why) {
    synchronized (events) {
      events.add("ended: " + why);
    }
  }

  /** Everything, in order. */
  List<String> events() {
    synchronized (events) {
      return new ArrayList<>(events);
    }
  }

  /** Blocks and gaps, in order. */
  List<String> samples() {
    return events().stream()
        .filter(each -> Character.isDigit(each.charAt(0)) || Character.isUpperCase(each.charAt(0)))
        .toList();
  }

  List<SampleBlock> blocks() {
    synchronized (events) {
      return new ArrayList<>(blocks);
    }
  }

  List<Gap> gaps() {
    synchronized (events) {
      return new ArrayList<>(gaps);
    }
  }

  /** Waits for so many blocks and gaps, and gives them. */
  List<String> awaitSamples(int count) {
    Await.until(count + " blocks and gaps, not " + events(), () -> samples().size() >= count);
    return samples();
  }

  /** Waits for so many events, and gives them. */
  List<String> awaitEvents(int count) {
    Await.until(count + " events", () -> events().size() >= count);
    return events();
  }

  void awaitEvent(String begin) {
    Await.until(
        "an event " + begin, () -> events().stream().anyMatch(each -> each.startsWith(begin)));
  }
}
