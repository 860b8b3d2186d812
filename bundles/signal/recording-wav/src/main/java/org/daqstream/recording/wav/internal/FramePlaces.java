/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.wav.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.sample.support.Json;

/**
 * Which row and tick a frame has, and which samples of it are there. Frames follow one another in
 * time; where rows or ticks do not go on as frames do, an anchor tells how they do from there on.
 */
final class FramePlaces {
  private static final String ANCHORS = "daqstream.wav.anchors";
  private static final String PRESENT = "daqstream.wav.present";
  private static final String FRAMES = "daqstream.wav.frames";

  /** From a frame on rows and ticks go on with the frames. */
  record Anchor(long frame, long row, long tick) {}

  /** Frames from one to before another. */
  private record Run(long from, long to) {}

  private final long deltaTicks;
  private final List<Anchor> anchors = new ArrayList<>();
  private final List<List<Run>> present = new ArrayList<>();
  private long frames;

  FramePlaces(int channels, long deltaTicks) {
    this.deltaTicks = deltaTicks;
    for (int i = 0; i < channels; i++) {
      present.add(new ArrayList<>());
    }
  }

  /** How many frames there are. */
  long frames() {
    return frames;
  }

  /** Adds frames, as yet without samples. */
  void extend(long newFrames) {
    frames = newFrames;
  }

  /** Takes away frames that are not there. */
  void cut(long limit) {
    frames = Math.min(frames, limit);
    anchors.removeIf(each -> each.frame() >= frames);
    for (List<Run> runs : present) {
      runs.removeIf(each -> each.from() >= frames);
      runs.replaceAll(each -> new Run(each.from(), Math.min(each.to(), frames)));
    }
  }

  List<Anchor> anchors() {
    return anchors;
  }

  /** Sees to it that a frame behind all others has this row and tick. */
  void anchor(long frame, long row, long tick) {
    if (anchors.isEmpty() || !isAt(frame, row, tick)) {
      anchors.add(new Anchor(frame, row, tick));
    }
  }

  /** The place of the anchor at a frame or before it. */
  private int anchorOf(long frame) {
    int low = 0;
    int high = anchors.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (anchors.get(middle).frame() <= frame) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  long rowOf(long frame) {
    Anchor anchor = anchors.get(anchorOf(frame));
    return anchor.row() + (frame - anchor.frame());
  }

  long tickOf(long frame) {
    Anchor anchor = anchors.get(anchorOf(frame));
    return anchor.tick() + (frame - anchor.frame()) * deltaTicks;
  }

  boolean isAt(long frame, long row, long tick) {
    return rowOf(frame) == row && tickOf(frame) == tick;
  }

  /** The frame where the next anchor is, or the end. */
  long anchorBehind(long frame) {
    int next = anchorOf(frame) + 1;
    return next < anchors.size() ? anchors.get(next).frame() : frames;
  }

  boolean isPresent(int channel, long frame) {
    int at = search(present.get(channel), frame);
    return at >= 0 && frame < present.get(channel).get(at).to();
  }

  /** The frame where samples of a channel begin or end, behind another one. */
  long changeBehind(int channel, long frame) {
    List<Run> runs = present.get(channel);
    int at = search(runs, frame);
    if (at >= 0 && frame < runs.get(at).to()) {
      return runs.get(at).to();
    }
    return at + 1 < runs.size() ? runs.get(at + 1).from() : frames;
  }

  /** The last run that begins at a frame or before it, -1 when there is none. */
  private static int search(List<Run> runs, long frame) {
    int low = 0;
    int high = runs.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (runs.get(middle).from() <= frame) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  /** Samples are there now that were not. */
  void put(int channel, long from, long to) {
    List<Run> runs = present.get(channel);
    int at = search(runs, from);
    long begin = from;
    long end = to;
    if (at >= 0 && runs.get(at).to() == from) {
      begin = runs.remove(at).from();
      at--;
    }
    if (at + 1 < runs.size() && runs.get(at + 1).from() == to) {
      end = runs.remove(at + 1).to();
    }
    runs.add(at + 1, new Run(begin, end));
  }

  /** Writes down all of it. */
  void note(Map<String, String> notes) {
    notes.put(FRAMES, Long.toString(frames));
    notes.put(
        ANCHORS,
        Json.of(
            anchors.stream().map(each -> List.of(each.frame(), each.row(), each.tick())).toList()));
    notes.put(
        PRESENT,
        Json.of(
            present.stream()
                .map(runs -> runs.stream().map(each -> List.of(each.from(), each.to())).toList())
                .toList()));
  }

  /** Reads what was written down. */
  void read(Map<String, String> notes) throws IOException {
    try {
      frames = Long.parseLong(notes.get(FRAMES));
      for (Object each : (List<?>) Json.parse(notes.get(ANCHORS))) {
        anchors.add(new Anchor(number(each, 0), number(each, 1), number(each, 2)));
      }
      List<?> channels = (List<?>) Json.parse(notes.get(PRESENT));
      for (int i = 0; i < present.size(); i++) {
        for (Object each : (List<?>) channels.get(i)) {
          present.get(i).add(new Run(number(each, 0), number(each, 1)));
        }
      }
    } catch (RuntimeException e) {
      throw new IOException("notes that cannot be read: " + e, e);
    }
    checkOrder();
  }

  private void checkOrder() throws IOException {
    long at = -1;
    for (Anchor each : anchors) {
      if (each.frame() <= at) {
        throw new IOException("notes of frames that are out of order");
      }
      at = each.frame();
    }
    for (List<Run> runs : present) {
      long end = -1;
      for (Run each : runs) {
        if (each.from() < Math.max(0, end) || each.to() <= each.from() || each.to() > frames) {
          throw new IOException("notes of samples that are out of order");
        }
        end = each.to();
      }
    }
  }

  private static long number(Object list, int index) {
    return ((Number) ((List<?>) list).get(index)).longValue();
  }
}
