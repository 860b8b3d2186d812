/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the publishing loop knows of a signal: the message that is being filled, the last sample for
 * who comes later, and until when somebody wants it. For the loop's thread.
 */
final class Draft {
  /** How often the end is told: the one who tells it, or who hears it, may be away. */
  private static final int ENDS = 5;

  final OutgoingSignal signal;
  final String subject;
  private final DraftBuffers buffers;
  private ByteBuffer message; // null while it is empty
  private int lastBytes;
  private int flags;
  private int description;
  private int blocks;
  private int lastAt; // of the message's last block
  private long samples;
  private long firstRow;
  private long queuedNanos;
  private boolean isQueued;
  private byte[] kept;
  private int keptFlags;
  private int keptDescription;
  private long keptSentNanos;
  private long wantedUntilNanos;
  private boolean isWanted;
  private long anchor;
  private long endRow = BlockMessage.NONE;
  private long lastEndRow = BlockMessage.NONE;
  private int ends;

  /** A message that is ready. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Ready(Draft draft, byte[] bytes, int blocks, long samples, long firstRow) {}

  Draft(OutgoingSignal signal, String subject, DraftBuffers buffers) {
    this.signal = signal;
    this.subject = subject;
    this.buffers = buffers;
  }

  boolean isEmpty() {
    return blocks == 0;
  }

  /** Since when it has waited to be sent, by {@link System#nanoTime}. */
  long queuedNanos() {
    return queuedNanos;
  }

  boolean isQueued() {
    return isQueued;
  }

  void queue(long nowNanos) {
    isQueued = true;
    queuedNanos = nowNanos;
  }

  void leaveQueue() {
    isQueued = false;
  }

  /** Number of a message of the signal that the stream keeps; 0 for none. */
  long anchor() {
    return anchor;
  }

  /** The stream has kept a message under a number. */
  void kept(long number) {
    anchor = number; // a stream that was made anew counts from its beginning
  }

  /** A block was sent, or lost. */
  void passed(long blockEndRow) {
    endRow = blockEndRow;
  }

  /**
   * Asked once in a while when nothing of it waits: a message that tells the end of what was sent,
   * so that who misses its last blocks knows; {@code null} while more comes, and later.
   */
  byte[] endMessage() {
    long end = Math.max(endRow, signal.lostEndRow());
    boolean isNew = end != lastEndRow;
    lastEndRow = end;
    ends = isNew ? 0 : ends + 1;
    return !isWanted || isNew || ends > ENDS || end < 0 || !isEmpty()
        ? null
        : BlockMessage.end(description, signal.table.epoch, end);
  }

  /** Distance of neighbouring rows; 0 with an explicit domain. */
  long delta() {
    return signal.table.deltaTicks();
  }

  /** Whether a block of so many bytes can go into the message that there is. */
  boolean takes(int blockFlags, int blockDescription, int bytes, int limitBytes) {
    return blocks == 0
        || (flags == blockFlags
            && description == blockDescription
            && message.position() + bytes <= limitBytes);
  }

  /**
   * Adds a block as it stands in the ring; what goes on behind the last one makes that longer.
   *
   * @param block from position to limit
   */
  void add(int blockFlags, int blockDescription, ByteBuffer block, long anchor) {
    if (blocks == 0) {
      flags = blockFlags;
      description = blockDescription;
      firstRow = block.getLong(block.position());
      message = buffers.take(Math.max(lastBytes, BlockMessage.HEAD_BYTES + block.remaining()));
      BlockMessage.putHead(message, blockFlags, blockDescription, signal.table.epoch, anchor);
    } else if (block.remaining() > message.remaining()) {
      ByteBuffer larger = buffers.take(message.position() + block.remaining());
      larger.put(message.flip());
      buffers.give(message);
      message = larger;
    }
    samples += BlockMessage.countOf(block);
    if (blocks++ > 0 && goesOn(block)) {
      BlockMessage.join(message, lastAt, block);
    } else {
      lastAt = message.position();
      message.put(block);
    }
  }

  /** Stamps stand in front of the samples of their block, so those with stamps stay apart. */
  private boolean goesOn(ByteBuffer block) {
    return (flags & (OutgoingSignal.SIZED | OutgoingSignal.STAMPED)) == OutgoingSignal.SIZED
        && BlockMessage.goesOn(message, lastAt, block, delta());
  }

  /** A message of one block alone, beside the one that is filled. */
  Ready alone(int blockFlags, int blockDescription, ByteBuffer block, long anchor) {
    byte[] bytes = new byte[BlockMessage.HEAD_BYTES + block.remaining()];
    ByteBuffer target = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    BlockMessage.putHead(target, blockFlags, blockDescription, signal.table.epoch, anchor);
    long row = block.getLong(block.position());
    int count = BlockMessage.countOf(block);
    target.put(block);
    return new Ready(this, bytes, 1, count, row);
  }

  /** Takes the message; the next one begins. */
  Ready take() {
    byte[] bytes = new byte[message.position()];
    message.get(0, bytes);
    lastBytes = bytes.length;
    Ready ready = new Ready(this, bytes, blocks, samples, firstRow);
    drop();
    return ready;
  }

  /** Gives up what it has. */
  long drop() {
    long lost = samples;
    buffers.give(message);
    message = null;
    blocks = 0;
    samples = 0;
    return lost;
  }

  /** Keeps a block of one sample, from position to limit. */
  void keep(int blockFlags, int blockDescription, ByteBuffer block) {
    if (kept == null || kept.length != block.remaining()) {
      kept = new byte[block.remaining()];
    }
    block.get(block.position(), kept);
    keptFlags = blockFlags | BlockMessage.KEPT;
    keptDescription = blockDescription;
  }

  /**
   * The last sample as a message of the present description; {@code null} when there is none, it
   * would mean something else by that, or it has just been sent.
   */
  byte[] keptMessage(long nowNanos, long pauseNanos) {
    int now = signal.description(); // before it is asked what is alike
    if (kept == null
        || !signal.isAlike(keptDescription)
        || (keptSentNanos != 0 && nowNanos - keptSentNanos < pauseNanos)) {
      return null;
    }
    keptSentNanos = nowNanos;
    byte[] whole = new byte[BlockMessage.HEAD_BYTES + kept.length];
    ByteBuffer target = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    BlockMessage.putHead(target, keptFlags, now, signal.table.epoch, 0);
    target.put(kept);
    return whole;
  }

  /** Somebody wants it for a while. */
  void want(long untilNanos) {
    wantedUntilNanos = untilNanos;
    isWanted = true;
    signal.want(true);
  }

  /** Forgets wants that were not said again. */
  void endWant(long nowNanos) {
    if (isWanted && nowNanos - wantedUntilNanos > 0) {
      isWanted = false;
      signal.want(false);
    }
  }
}
