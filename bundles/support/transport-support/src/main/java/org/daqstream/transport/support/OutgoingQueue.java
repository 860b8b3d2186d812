/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import org.daqstream.stream.api.spi.SendBudget;

/**
 * A queue for one connection: first in, first out, many small messages in one gathering write. The
 * borders are remembered, so that after a broken connection the next one starts with the first byte
 * of a message. The sending thread uses {@link #gather} and {@link #sent} or {@link #writeTo}. No
 * allocation in the steady state.
 */
public final class OutgoingQueue extends SendQueue {

  /** Most chunks in one gathering write. */
  public static final int GATHER_CHUNKS = 16;

  private final int headerBytes;
  private final ByteBuffer[] views = new ByteBuffer[GATHER_CHUNKS]; // sending thread only

  private Chunk first;
  private int[] lengths = new int[16]; // ring of message lengths
  private int head;
  private int count;
  private long sentOfHead; // its header included

  /** Creates an empty queue; see {@link SendQueue}. */
  public OutgoingQueue(Limits limits, Framing framing, Runnable wakeUp, SendBudget budget) {
    super(limits, framing, wakeUp, budget);
    this.headerBytes = framing.headerBytes();
  }

  @Override
  protected void append(ByteBuffer header, ByteBuffer message) {
    if (first == null) {
      first = tail();
    }
    copy(header);
    copy(message);
    if (count == lengths.length) {
      int[] larger = new int[2 * lengths.length];
      System.arraycopy(lengths, head, larger, 0, lengths.length - head);
      System.arraycopy(lengths, 0, larger, lengths.length - head, head);
      lengths = larger;
      head = 0;
    }
    lengths[(head + count) & (lengths.length - 1)] = message.remaining();
    count++;
  }

  /**
   * Views of what waits, for the sending thread. They stay valid until {@link #sent}, {@link
   * #dropBegun} or {@link #giveUp}.
   *
   * @param into filled from index 0
   * @return how many were filled; 0 when the queue is empty
   */
  public synchronized int gather(ByteBuffer[] into) {
    int filled = 0;
    for (Chunk chunk = first; chunk != null && filled < into.length; chunk = chunk.next) {
      into[filled++] = chunk.view(chunk.done, chunk.filled);
    }
    return filled;
  }

  /**
   * The sending thread has handed bytes to the network.
   *
   * @param bytes how many, not more than gathered
   */
  public synchronized void sent(long bytes) {
    if (count == 0) {
      return; // given up meanwhile
    }
    skip(bytes);
    sentOfHead += bytes;
    int messages = 0;
    long messageBytes = 0;
    while (count > 0 && sentOfHead >= (long) headerBytes + lengths[head]) {
      sentOfHead -= (long) headerBytes + lengths[head];
      messages++;
      messageBytes += removeHead();
    }
    countSent(messages, messageBytes);
  }

  /**
   * Gathers and writes once.
   *
   * @param channel blocking or not
   * @return bytes written; 0 when the channel takes nothing now, -1 when nothing waits
   * @throws IOException from the channel; then call {@link #dropBegun}
   */
  public long writeTo(GatheringByteChannel channel) throws IOException {
    int filled = gather(views);
    if (filled == 0) {
      return -1;
    }
    long written = channel.write(views, 0, filled);
    if (written > 0) {
      sent(written);
    }
    return written;
  }

  private int removeHead() {
    int length = lengths[head];
    head = (head + 1) & (lengths.length - 1);
    count--;
    return length;
  }

  private void skip(long bytes) {
    long left = bytes;
    while (left > 0) {
      Chunk chunk = first;
      int part = (int) Math.min(left, chunk.filled - chunk.done);
      chunk.done += part;
      left -= part;
      if (chunk.done == chunk.filled) {
        first = chunk.next;
        recycle(chunk);
      }
    }
  }

  /**
   * The connection broke: forgets the rest of a message of which a part was sent, so that the next
   * connection starts with the first byte of the next message. By the sending thread.
   */
  public synchronized void dropBegun() {
    if (sentOfHead > 0) {
      skip(headerBytes + lengths[head] - sentOfHead);
      long unsentBytes = lengths[head] - sentInPart();
      sentOfHead = 0;
      countLost(removeHead(), unsentBytes);
    }
  }

  @Override
  protected long sentInPart() {
    return Math.max(0, sentOfHead - headerBytes);
  }

  @Override
  protected boolean isTaken() {
    return count == 0;
  }

  @Override
  protected void clear() {
    first = null;
    count = 0;
    sentOfHead = 0;
    head = 0;
  }
}
