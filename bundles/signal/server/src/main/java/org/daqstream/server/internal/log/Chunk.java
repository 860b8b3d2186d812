/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One part of the {@link SharedLog}: a stretch of bytes and an index of the entries in it. Bytes
 * and entries are claimed together, so that entry {@code i} begins where entry {@code i - 1} ends.
 *
 * <p>A chunk is used again and again. {@link #sequence} tells its present use; a reader that finds
 * another value than it expects has been overtaken.
 *
 * <p>Bytes and index lie outside the heap, and go with the {@link Slab}.
 */
public final class Chunk {
  /** Set in {@link #signo} for an entry that a reader must look at, other than plain data. */
  static final int SPECIAL = 1 << 31;

  /** Entry without bytes that carries a {@link LogEvent}. */
  public static final int EVENT = SPECIAL | 1 << 30;

  /** Entry that nobody reads: its publisher failed while encoding. */
  public static final int VOID = SPECIAL | 1 << 29;

  /**
   * Data of a signal whose rows before it are missing, or the samples of which carry their domain.
   */
  static final int HOLE = SPECIAL;

  /** The bits of {@link #signo} that hold the signal number. */
  public static final int SIGNO_MASK = 0xFFFFF;

  public static final long RETIRED = -1;
  private static final int OPEN = -1;

  /** What an entry takes of the index: three times eight bytes, and its signal number. */
  private static final int ENTRY_INDEX_BYTES = 3 * Long.BYTES + Integer.BYTES;

  private static final VarHandle COMMIT =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle TAIL;

  static {
    try {
      TAIL = MethodHandles.lookup().findVarHandle(Chunk.class, "tail", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Where its bytes are. */
  public final Slab slab;

  /** Offset of the chunk's first byte in the slab. */
  public final int base;

  private final int limitBytes;
  private final int limitEntries;

  /** For each entry: low half of {@link #sequence} in the high half, end offset in the low half. */
  private ByteBuffer commit;

  /** For each data entry: row of the first sample, and its domain value. */
  private LongBuffer place;

  private IntBuffer signo;

  public final Map<Integer, LogEvent> events = new ConcurrentHashMap<>();

  public volatile long sequence = RETIRED;

  /** The last use, also once the chunk is retired; guarded by the log's lock. */
  long lastUse = RETIRED;

  /** When the chunk was taken into use; set before {@link #sequence}. */
  public long openedNanos;

  public volatile Chunk next;
  private volatile int entryCount = OPEN;

  /** Claimed entries in the high half, claimed bytes in the low half. */
  private volatile long tail;

  /** A chunk in a slab, with direct memory for its index, zeros at first. */
  Chunk(Slab slab, ByteBuffer index, int base, int limitBytes, int limitEntries) {
    this.slab = slab;
    this.base = base;
    this.limitBytes = limitBytes;
    this.limitEntries = limitEntries;
    int longs = limitEntries * Long.BYTES;
    this.commit = part(index, 0, longs);
    this.place = part(index, longs, 2 * longs).asLongBuffer();
    this.signo = part(index, 3 * longs, limitEntries * Integer.BYTES).asIntBuffer();
    this.tail = Integer.MAX_VALUE;
  }

  private static ByteBuffer part(ByteBuffer index, int at, int bytes) {
    return index.slice(at, bytes).order(ByteOrder.nativeOrder());
  }

  /** What the index of so many entries takes; an even number keeps the next one aligned. */
  static int indexBytes(int entries) {
    return entries * ENTRY_INDEX_BYTES;
  }

  /**
   * Lets go of everything; it is never used again. Who still knows it, as a table that writes
   * seldom, must not keep the chunks that came behind, and its index is no memory any more.
   */
  void release() {
    events.clear();
    next = null;
    commit = null;
    signo = null;
    place = null;
  }

  /** Takes the chunk into use; nobody else sees it yet. */
  void open(long newSequence) {
    events.clear();
    next = null;
    entryCount = OPEN;
    lastUse = newSequence;
    openedNanos = System.nanoTime();
    sequence = newSequence;
    TAIL.setRelease(this, 0L);
  }

  /** Claims room for an entry; false when the chunk is full. */
  boolean claim(LogClaim claim, int bytes) {
    long seen = tail;
    if ((int) seen > limitBytes || (int) (seen >>> 32) > limitEntries) {
      return false; // many more failed claims would make the counters overflow
    }
    long before = (long) TAIL.getAndAdd(this, 1L << 32 | bytes);
    int index = (int) (before >>> 32);
    int offset = (int) before;
    if (offset <= limitBytes - bytes && index < limitEntries) {
      if (claim.chunk != this) {
        claim.chunk = this; // a store of a reference costs a barrier of the collector
      }
      claim.sequence = sequence;
      claim.index = index;
      claim.offset = offset;
      claim.bytes = bytes;
      return true;
    }
    if (offset <= limitBytes && index <= limitEntries) {
      entryCount = index; // the first claim that failed knows how many did not
    }
    return false;
  }

  /** Says what a claimed entry is, before it is committed. */
  void describe(int index, int flaggedSigno) {
    signo.put(index, flaggedSigno);
  }

  /** Says what a claimed data entry is, before it is committed. */
  void describe(int index, int flaggedSigno, long firstRow, long firstTick) {
    signo.put(index, flaggedSigno);
    place.put(2 * index, firstRow).put(2 * index + 1, firstTick);
  }

  void commit(LogClaim claim) {
    COMMIT.setRelease(
        commit, claim.index * Long.BYTES, claim.sequence << 32 | (claim.offset + claim.bytes));
  }

  /** Index behind the entries of use {@code expected} that can be read, from one on. */
  public int committedEnd(int from, long expected) {
    ByteBuffer entries = commit;
    int index = from; // plain reads and one fence: half of what a fence for each entry costs
    while (index < limitEntries
        && (int) (entries.getLong(index * Long.BYTES) >>> 32) == (int) expected) {
      index++;
    }
    VarHandle.acquireFence();
    return index;
  }

  /** Number of entries once the chunk is full, {@code -1} before. */
  public int entryCount() {
    return entryCount;
  }

  /** Whether all claimed entries of a full chunk are committed. */
  boolean isComplete() {
    int count = entryCount;
    return count >= 0 && committedEnd(0, sequence) >= count;
  }

  /** Signal number of a committed entry and the flags above. */
  public int signo(int index) {
    return signo.get(index);
  }

  /** Row of the first sample of a data entry. */
  public long row(int index) {
    return place.get(2 * index);
  }

  /** Domain value of the first sample; with an explicit domain the bytes of the domain's frame. */
  public long tick(int index) {
    return place.get(2 * index + 1);
  }

  /** Offset in the chunk of the first byte of a committed entry. */
  public int start(int index) {
    return index == 0 ? 0 : end(index - 1);
  }

  /** Offset in the chunk behind the last byte of a committed entry. */
  public int end(int index) {
    return (int) commit.getLong(index * Long.BYTES);
  }

  /**
   * The first committed entry from one to another that ends behind a byte of the chunk, {@code to}
   * if none does; the byte lies behind the start of the first.
   */
  public int entryAt(int offset, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end(middle) <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
