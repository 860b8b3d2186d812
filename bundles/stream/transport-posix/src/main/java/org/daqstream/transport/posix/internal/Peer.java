/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.daqstream.socket.support.InputPeer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of an input. For its reading thread only. */
final class Peer extends InputPeer {

  private static final Logger LOG = LoggerFactory.getLogger(Peer.class);

  private static final int CLOSE_DRAIN_BYTES = 1024 * 1024;

  private final Link link;
  private final FrameReader frames; // null: no messages, just bytes
  private final PosixInput input;

  Peer(Link link, FrameReader frames, PosixInput input) {
    this.link = link;
    this.frames = frames;
    this.input = input;
  }

  @Override
  protected boolean handshake() throws IOException {
    return link.handshake();
  }

  @Override
  protected String identity() {
    return link.identity();
  }

  @Override
  protected int interestOps() {
    return link.interestOps();
  }

  @Override
  protected boolean read() throws IOException {
    boolean open = true;
    IOException fault = null;
    ByteBuffer chunk = input.chunk();
    try {
      open = link.read(chunk) >= 0 && !link.inputEnded();
    } catch (IOException e) {
      fault = e;
    }
    if (chunk.position() > 0) { // also what came before the end or the fault
      if (frames == null) {
        input.deliver(this);
      } else {
        input.deliverFrames(this, frames);
      }
    }
    if (fault != null) {
      throw fault;
    }
    return open;
  }

  @Override
  protected long close() {
    closeWithFin(input.chunk());
    if (frames == null) {
      return -1;
    }
    input.free(frames.heldBytes());
    return frames.begunBytes();
  }

  /** Unread bytes would turn the close into a reset, so some are read first. */
  private void closeWithFin(ByteBuffer rubbish) {
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
    } finally {
      rubbish.clear();
    }
  }
}
