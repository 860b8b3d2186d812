/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of an input. For its reading thread only. */
final class Peer {

  private static final Logger LOG = LoggerFactory.getLogger(Peer.class);

  private static final int CLOSE_DRAIN_BYTES = 1024 * 1024;

  final Link link;
  final String address;
  final FrameReader frames; // null: no messages, just bytes
  final long greetUntilNanos;
  boolean greeted; // the two sides have come to terms, the sink knows it
  long id; // of the sink, once greeted

  Peer(Link link, String address, PosixParameters parameters) {
    this.link = link;
    this.address = address;
    this.frames = parameters.framed() ? new FrameReader(parameters.maxMessageBytes()) : null;
    this.greetUntilNanos =
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(parameters.handshakeTimeoutMs());
  }

  /** Memory held for a message that is not complete. */
  int heldBytes() {
    return frames == null ? 0 : frames.heldBytes();
  }

  /** Bytes of a message that is not complete; -1 when there is none. */
  int begunBytes() {
    return frames == null ? -1 : frames.begunBytes();
  }

  /** Unread bytes would turn the close into a reset, so some are read first. */
  void closeWithFin(ByteBuffer rubbish) {
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
  }
}
