/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What travels of a signal: blocks of samples as its writer made them, one behind the other. Little
 * endian; docs/nats.md, section 4.
 *
 * <pre>
 *  0        1        2                 4                                   8
 *  ┌────────┬────────┬─────────────────┬───────────────────────────────────┐
 *  │ version│ flags  │ 0               │ description                       │
 *  ├────────┴────────┴─────────────────┴───────────────────────────────────┤
 *  │ epoch                                                                 │
 *  ├───────────────────────────────────────────────────────────────────────┤
 *  │ anchor                                                                │
 *  └───────────────────────────────────────────────────────────────────────┘
 *    then blocks:
 *  ┌───────────────────────────────────────────────────────────────────────┐
 *  │ row of the first sample                                               │
 *  ├───────────────────────────────────────────────────────────────────────┤
 *  │ tick of the first sample                                              │
 *  ├───────────────────────────────────────────────────────────────────────┤
 *  │ skipped: rows before that the source has left out                     │
 *  ├───────────────────────────────────┬───────────────────────────────────┤
 *  │ count of samples                  │ bytes of samples                  │
 *  ├───────────────────────────────────┴───────────────────────────────────┤
 *  │ with an explicit domain: count stamps of 8 bytes                      │
 *  ├───────────────────────────────────────────────────────────────────────┤
 *  │ samples                                                               │
 *  └───────────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * or the row alone behind all that was sent.
 *
 * @param isKept whether this is the last sample from before, for who has only come now
 * @param description number of the description that holds for it, within the epoch
 * @param epoch tells one life of the signal's table from the next, in which rows begin anew
 * @param anchor number, in the stream that keeps data, of a message of this signal that came before
 *     this one and was kept; 0 when none is known
 * @param endRow row behind all that was sent so far, in a message that says that; else {@link
 *     #NONE}
 * @param blocks in the order of their rows; none in a message of the end
 */
record BlockMessage(
    boolean isKept, int description, long epoch, long anchor, long endRow, List<Block> blocks) {
  static final int VERSION = 1;
  static final int STAMPED = 1;
  static final int KEPT = 2;
  static final int END = 4;
  static final long NONE = -1;
  static final int HEAD_BYTES = 24;
  private static final long MOST_ROWS = Long.MAX_VALUE / 4;
  static final int BLOCK_HEAD_BYTES = 32;
  private static final int TICK_AT = 8;
  private static final int SKIPPED_AT = 16;
  private static final int COUNT_AT = 24;
  private static final int BYTES_AT = 28;

  /**
   * Samples one behind the other.
   *
   * @param row of the first one
   * @param tick of the first one
   * @param skipped rows before it that the source itself has left out
   * @param count how many
   * @param ticks of all, with an explicit domain; else {@code null}
   * @param samples as the writer made them, little endian, from position to limit
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Block(long row, long tick, long skipped, int count, long[] ticks, ByteBuffer samples) {
    /** Behind the last sample. */
    long endRow() {
      return row + count;
    }
  }

  /** Of blocks. */
  BlockMessage(boolean isKept, int description, long epoch, long anchor, List<Block> blocks) {
    this(isKept, description, epoch, anchor, NONE, blocks);
  }

  /** One that says behind which row all that was sent ends. */
  static byte[] end(int description, long epoch, long endRow) {
    byte[] message = new byte[HEAD_BYTES + Long.BYTES];
    ByteBuffer target = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    putHead(target, END, description, epoch, 0);
    target.putLong(endRow);
    return message;
  }

  /** Memory for blocks or messages. */
  static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes the head of a message. */
  static void putHead(ByteBuffer target, int flags, int description, long epoch, long anchor) {
    target.put((byte) VERSION).put((byte) flags).putShort((short) 0);
    target.putInt(description).putLong(epoch).putLong(anchor);
  }

  /** How many samples the block has that begins at the position. */
  static int countOf(ByteBuffer block) {
    return block.getInt(block.position() + 3 * Long.BYTES);
  }

  /** Whether a block without stamps lies on the line of one that begins at a place, behind it. */
  static boolean goesOn(ByteBuffer message, int at, ByteBuffer block, long deltaTicks) {
    int from = block.position();
    int count = message.getInt(at + COUNT_AT);
    return block.getLong(from) == message.getLong(at) + count
        && block.getLong(from + TICK_AT) == message.getLong(at + TICK_AT) + count * deltaTicks
        && block.getLong(from + SKIPPED_AT) == 0;
  }

  /** Puts the samples of a block behind those of one that begins at a place, the last one. */
  static void join(ByteBuffer message, int at, ByteBuffer block) {
    int from = block.position();
    message.putInt(at + COUNT_AT, message.getInt(at + COUNT_AT) + block.getInt(from + COUNT_AT));
    message.putInt(at + BYTES_AT, message.getInt(at + BYTES_AT) + block.getInt(from + BYTES_AT));
    message.put(block.position(from + BLOCK_HEAD_BYTES));
  }

  /** The last sample of the block that begins at the position, as a block of its own. */
  static ByteBuffer lastOf(ByteBuffer block, boolean isStamped, long deltaTicks) {
    int at = block.position();
    int last = countOf(block) - 1;
    int sampleBytes = block.getInt(at + BLOCK_HEAD_BYTES - Integer.BYTES) / (last + 1);
    int stamps = at + BLOCK_HEAD_BYTES;
    long tick =
        isStamped
            ? block.getLong(stamps + last * Long.BYTES)
            : block.getLong(at + Long.BYTES) + last * deltaTicks;
    int stampBytes = isStamped ? Long.BYTES : 0;
    ByteBuffer one = allocate(BLOCK_HEAD_BYTES + stampBytes + sampleBytes);
    putBlockHead(one, block.getLong(at) + last, tick, 0, 1, sampleBytes);
    if (isStamped) {
      one.putLong(tick);
    }
    one.put(block.slice(block.limit() - sampleBytes, sampleBytes));
    return one.flip();
  }

  /** Writes what stands in front of stamps and samples. */
  static void putBlockHead(
      ByteBuffer target, long row, long tick, long skipped, int count, int sampleBytes) {
    target.putLong(row).putLong(tick).putLong(skipped).putInt(count).putInt(sampleBytes);
  }

  /**
   * Reads a message; its blocks are views of it.
   *
   * @throws IllegalArgumentException when it is none, saying why
   */
  static BlockMessage read(byte[] message) {
    ByteBuffer from = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    if (message.length < HEAD_BYTES) {
      throw new IllegalArgumentException("a message of " + message.length + " B");
    }
    int version = from.get();
    if (version != VERSION) {
      throw new IllegalArgumentException("a message of version " + version);
    }
    int flags = from.get();
    from.getShort();
    int description = from.getInt();
    long epoch = from.getLong();
    long anchor = from.getLong();
    if ((flags & END) != 0) {
      return new BlockMessage(false, description, epoch, anchor, endRow(from), List.of());
    }
    List<Block> blocks = new ArrayList<>();
    while (from.hasRemaining()) {
      blocks.add(block(from, (flags & STAMPED) != 0));
    }
    return new BlockMessage((flags & KEPT) != 0, description, epoch, anchor, blocks);
  }

  private static long endRow(ByteBuffer from) {
    long endRow = from.remaining() == Long.BYTES ? from.getLong() : NONE;
    if (endRow < 0 || endRow > MOST_ROWS) {
      throw new IllegalArgumentException("an end that is none");
    }
    return endRow;
  }

  private static Block block(ByteBuffer from, boolean isStamped) {
    if (from.remaining() < BLOCK_HEAD_BYTES) {
      throw new IllegalArgumentException("a block that is cut");
    }
    long row = from.getLong();
    long tick = from.getLong();
    long skipped = from.getLong();
    int count = from.getInt();
    int bytes = from.getInt();
    if (row < 0 || row > MOST_ROWS || skipped < 0 || skipped > row || count <= 0) {
      throw new IllegalArgumentException(
          "a block of %d samples in row %d behind %d skipped".formatted(count, row, skipped));
    }
    if (count > Math.max(1, bytes)) {
      throw new IllegalArgumentException("%d samples of %d B".formatted(count, bytes));
    }
    long stampBytes = isStamped ? (long) count * Long.BYTES : 0;
    if (bytes < 0 || stampBytes + bytes > from.remaining()) {
      throw new IllegalArgumentException("a block that is cut");
    }
    long[] ticks = isStamped ? new long[count] : null;
    for (int i = 0; isStamped && i < count; i++) {
      ticks[i] = from.getLong();
    }
    ByteBuffer samples = from.slice(from.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
    from.position(from.position() + bytes);
    return new Block(row, tick, skipped, count, ticks, samples);
  }
}
