/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of a {@link ListeningInput}, called by its thread only. What it throws ends this
 * connection and no other.
 */
public abstract class InputPeer {

  private static final Logger LOG = LoggerFactory.getLogger(InputPeer.class);

  private static final int CLOSE_DRAIN_BYTES = 1024 * 1024;

  /** The connection. */
  protected final Link link;

  /** When the two sides have to have come to terms. */
  long greetUntilNanos;

  boolean greeted;
  SelectionKey key;
  String address = "";
  private long id;

  /**
   * Takes a connection over.
   *
   * @param link before its handshake
   */
  protected InputPeer(Link link) {
    this.link = link;
  }

  /**
   * Reads once, without waiting, and hands over what has come, also what came before a fault.
   *
   * @return false when the other side has closed
   * @throws IOException when the connection is of no use any more
   */
  protected abstract boolean read() throws IOException;

  /**
   * Frees what it holds. Called once, when the connection is closed.
   *
   * @return bytes that have come of a message that is not complete; -1 when none was begun
   */
  protected abstract long end();

  /** Closes with FIN. Unread bytes would turn that into a reset, so some are read first. */
  long close(ByteBuffer rubbish) {
    try (link) {
      link.shutdownOutput();
      int left = CLOSE_DRAIN_BYTES;
      int count;
      do {
        rubbish.clear();
        count = link.read(rubbish);
        left -= count;
      } while (count > 0 && left > 0);
    } catch (ClosedChannelException e) {
      LOG.trace("closed already", e);
    } catch (IOException e) {
      LOG.debug("closing a peer", e);
    }
    return end();
  }

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
