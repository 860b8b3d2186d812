/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/**
 * A connection of a {@link ListeningInput}, called by its thread only. What it throws ends this
 * connection and no other.
 */
public abstract class InputPeer {

  /** When the two sides have to have come to terms. */
  long greetUntilNanos;

  boolean greeted;
  SelectionKey key;
  String address = "";
  private long id;

  /**
   * Comes to terms with the other side as far as that goes without waiting; called again when the
   * socket is ready.
   *
   * @return whether they are ready for data
   * @throws IOException when they do not come to terms
   */
  protected abstract boolean handshake() throws IOException;

  /**
   * Reads once, without waiting, and hands over what has come, also what came before a fault.
   *
   * @return false when the other side has closed
   * @throws IOException when the connection is of no use any more
   */
  protected abstract boolean read() throws IOException;

  /**
   * Who the other side has proved to be in the handshake.
   *
   * @return for events and log lines; empty when it has not
   */
  protected String identity() {
    return "";
  }

  /**
   * What to wait for.
   *
   * @return as for {@link SelectionKey#interestOps()}
   */
  protected int interestOps() {
    return SelectionKey.OP_READ;
  }

  /**
   * Closes with FIN, as far as that goes without waiting, and frees what it holds. Called once.
   *
   * @return bytes that have come of a message that is not complete; -1 when none was begun
   */
  protected abstract long close();

  /** The sink knows it from now on. */
  void greeted(long newId) {
    id = newId;
    greeted = true;
  }

  /**
   * Its id in the sink.
   *
   * @return 0 before the handshake
   */
  public final long id() {
    return id;
  }
}
