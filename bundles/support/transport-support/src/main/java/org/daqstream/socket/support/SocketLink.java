/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * One connection, non-blocking, used by one thread. {@link #read} and {@link #write} give 0 when
 * they would have to wait. After a write that gave 0 the same bytes must be offered again. Reads
 * want {@value #READ_BYTES} bytes of room.
 */
public interface SocketLink extends ReadableByteChannel, GatheringByteChannel {
  /** Smallest room for a read: more than a record of TLS. */
  int READ_BYTES = 32 * 1024;

  /** Makes links of fresh connections. */
  @FunctionalInterface
  interface Factory {
    /**
     * Takes a connected or accepted, non-blocking channel over; on failure it stays the caller's.
     *
     * @param endpoint what was dialled, or is listened on
     */
    SocketLink link(SocketChannel socket, Endpoint endpoint) throws IOException;

    /**
     * How often the links are to be asked for their {@link SocketLink#objection}, after a call of
     * {@link #look}, in milliseconds; 0 for never.
     */
    default int lookMs() {
      return 0;
    }

    /** Looks whether others may connect now; may block for reading files. */
    default void look() {}
  }

  /** Why the other side, which was welcome, is not any more; empty for nothing. */
  default String objection() {
    return "";
  }

  /** What lies below. */
  SocketChannel socket();

  /**
   * Gets ready for data as far as that goes without waiting. To be repeated, when the socket is
   * ready for {@link #interestOps()} or every few milliseconds, until it returns true.
   *
   * @return whether both sides are ready for data
   * @throws java.net.ProtocolException when the other side will never understand
   * @throws IOException when the two sides do not come to terms
   */
  default boolean handshake() throws IOException {
    return true;
  }

  /** What a reader has to wait for, in terms of {@link SelectionKey}. */
  default int interestOps() {
    return SelectionKey.OP_READ;
  }

  /** Whether the last read has met the end behind the bytes it gave; no further read needed. */
  default boolean inputEnded() {
    return false;
  }

  /** Whether what is read is what the socket has, so that it may be read there. */
  default boolean isPlain() {
    return true;
  }

  /** Whether the other side may send bytes of its own accord, so that it must be heard out. */
  default boolean isDialogue() {
    return false;
  }

  /** Who the other side has proved to be; empty when it has not. After the handshake. */
  default String identity() {
    return "";
  }

  /** Tells the other side that nothing follows. What is read afterwards means nothing. */
  void shutdownOutput() throws IOException;

  @Override
  default int write(ByteBuffer source) throws IOException {
    return (int) write(new ByteBuffer[] {source}, 0, 1);
  }

  @Override
  default long write(ByteBuffer[] sources) throws IOException {
    return write(sources, 0, sources.length);
  }

  @Override
  default boolean isOpen() {
    return socket().isOpen();
  }
}
