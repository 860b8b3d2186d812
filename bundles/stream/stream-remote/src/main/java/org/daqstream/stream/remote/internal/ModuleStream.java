/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamResult;

/** A stream of a module, from its OPEN to its CLOSED. Used by the thread of the connection. */
final class ModuleStream {
  enum State {
    OPENING,
    OPEN,
    CLOSING
  }

  final int number;
  final String name;
  final StreamDirection direction;
  final boolean wantsNews;

  State state = State.OPENING;
  int handle; // of the register
  String endedCause; // null as long as it has not ended

  /** Written, and neither taken nor lost as far as the module was told. */
  private long underWayMessages;

  private long underWayBytes;

  // not told yet
  private long takenMessages;
  private long takenBytes;
  private long lostMessages;
  private long lostBytes;
  private StreamResult lostResult;
  private String lostReason = "";

  final ArrayDeque<ByteBuffer> held = new ArrayDeque<>();
  long heldBytes;
  boolean isFinishing; // its close has begun
  long closeNanos; // deadline of what is held, when it is closing

  ModuleStream(int number, String name, StreamDirection direction, boolean wantsNews) {
    this.number = number;
    this.name = name;
    this.direction = direction;
    this.wantsNews = wantsNews;
  }

  boolean isOpenOutput() {
    return state == State.OPEN && direction == StreamDirection.OUT;
  }

  /** Whether the window has room for a message. */
  boolean hasRoom(int bytes, Settings settings) {
    return underWayMessages < settings.windowMessages()
        && (underWayBytes == 0 || underWayBytes + bytes <= settings.windowBytes());
  }

  void written(int bytes) {
    underWayMessages++;
    underWayBytes += bytes;
  }

  void taken(int bytes) {
    takenMessages++;
    takenBytes += bytes;
  }

  void lost(long messages, long bytes, StreamResult result, String reason) {
    lostMessages += messages;
    lostBytes += bytes;
    lostResult = result;
    lostReason = reason;
  }

  /** Whether there is something to tell. */
  boolean hasNews() {
    return takenMessages > 0 || lostMessages > 0;
  }

  /** Whether the module should hear of it soon, so that its window does not run dry. */
  boolean isPressing(Settings settings) {
    return lostMessages > 0
        || takenMessages * 4 >= settings.windowMessages()
        || takenBytes * 4 >= settings.windowBytes();
  }

  /** The frames with what is to be told, once. */
  ByteBuffer[] news() {
    ByteBuffer taken =
        takenMessages == 0 ? null : RuntimeFrames.taken(number, takenMessages, takenBytes);
    ByteBuffer lost =
        lostMessages == 0
            ? null
            : RuntimeFrames.lost(number, lostResult, lostMessages, lostBytes, lostReason);
    underWayMessages -= takenMessages + lostMessages;
    underWayBytes -= takenBytes + lostBytes;
    takenMessages = 0;
    takenBytes = 0;
    lostMessages = 0;
    lostBytes = 0;
    return new ByteBuffer[] {taken, lost};
  }

  @Override
  public String toString() {
    return "stream '" + name + "'";
  }
}
