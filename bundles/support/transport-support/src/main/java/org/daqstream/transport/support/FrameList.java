/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

/** Frames in order, linked through themselves: a frame is in one list at a time. */
final class FrameList {

  private Frame first;
  private Frame last;
  private int size;

  boolean isEmpty() {
    return first == null;
  }

  int size() {
    return size;
  }

  Frame first() {
    return first;
  }

  void add(Frame frame) {
    if (first == null) {
      first = frame;
    } else {
      last.next = frame;
    }
    last = frame;
    size++;
  }

  Frame removeFirst() {
    Frame frame = first;
    first = frame.next;
    frame.next = null;
    size--;
    return frame;
  }

  /** Moves all of another list to the end of this one. */
  void addAll(FrameList other) {
    if (!other.isEmpty()) {
      if (first == null) {
        first = other.first;
      } else {
        last.next = other.first;
      }
      last = other.last;
      size += other.size;
      other.clear();
    }
  }

  /** Moves all of another list to the front of this one. */
  void addAllFirst(FrameList other) {
    if (!other.isEmpty()) {
      other.addAll(this);
      addAll(other);
    }
  }

  void clear() {
    first = null;
    last = null;
    size = 0;
  }
}
