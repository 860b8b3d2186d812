/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.daqstream.transport.support.OutgoingQueue;
import org.daqstream.transport.support.SendLane;

/** A connection of a {@link DiallingOutput}, used by its thread only. */
final class OutputPeer {
  private static final int MOST_DISCARDS = 16;

  final Dialler dialler;
  final SocketLink link;
  final String address;

  /** In the sink. */
  final long id;

  private final OutgoingQueue queue;
  final SendLane lane; // null: the queue is for this one alone
  private final SelectionKey key;
  private boolean blocked;
  private boolean spoke;

  /** Takes a connection over, after its handshake. */
  OutputPeer(
      Dialler dialler,
      SocketLink link,
      SelectionKey key,
      String address,
      long id,
      OutgoingQueue queue,
      SendLane lane) {
    this.dialler = dialler;
    this.link = link;
    this.key = key;
    this.address = address;
    this.id = id;
    this.queue = queue;
    this.lane = lane;
    this.spoke = link.isDialogue();
    key.attach(this);
    key.interestOps(SelectionKey.OP_READ);
  }

  /** Writes once unless it is blocked, and waits when it takes no more; whether it wrote. */
  boolean write() throws IOException {
    if (blocked) {
      return false;
    }
    long count = lane == null ? queue.writeTo(link) : lane.writeTo(link);
    if (count == 0) {
      blocked = true;
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
    return count > 0;
  }

  void unblock() {
    blocked = false;
    key.interestOps(SelectionKey.OP_READ);
  }

  /** Whether it could take another message, so that the thread is to be woken for one. */
  boolean hasRoom() {
    return !blocked && (lane == null || lane.hasRoom());
  }

  /** It is gone: the message of which a part was sent is lost. */
  void leave() {
    if (lane == null) {
      queue.dropBegun();
    } else {
      lane.leave();
    }
  }

  /** Whether it must be heard out, lest what it says turns the close into a reset. */
  boolean hasSpoken() {
    return spoke;
  }

  /** Reads what the peer sent, as far as that does not keep this thread; false at its end. */
  boolean discard(ByteBuffer rubbish) throws IOException {
    int count = 0;
    for (int i = 0; i == 0 || (i < MOST_DISCARDS && count == rubbish.capacity()); i++) {
      rubbish.clear();
      count = link.read(rubbish);
      spoke |= count > 0;
    }
    return count >= 0 && !link.inputEnded();
  }
}
