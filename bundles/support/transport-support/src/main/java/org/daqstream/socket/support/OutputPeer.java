/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/** A connection of a {@link DiallingOutput}, used by its thread only. */
public class OutputPeer {

  private static final int MOST_DISCARDS = 16;

  /** The connection, after its handshake. */
  protected final Link link;

  Dialler dialler;
  long id;
  String address = "";
  private SelectionKey key;
  private boolean blocked;
  private boolean spoke;

  /** Takes a connection over, after its handshake. */
  public OutputPeer(Link link) {
    this.link = link;
    this.spoke = link.isDialogue();
  }

  void waitsWith(SelectionKey ownKey) {
    key = ownKey;
    key.attach(this);
    key.interestOps(SelectionKey.OP_READ);
  }

  /** The connection. */
  public final Link link() {
    return link;
  }

  /** The connection takes no more at the moment: waits until it does. */
  public final void block() {
    blocked = true;
    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
  }

  void unblock() {
    blocked = false;
    key.interestOps(SelectionKey.OP_READ);
  }

  /** Whether it waits until the connection takes bytes. */
  public final boolean isBlocked() {
    return blocked;
  }

  /** Whether it could take another message, so that the thread is to be woken for one. */
  public boolean hasRoom() {
    return !blocked;
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
