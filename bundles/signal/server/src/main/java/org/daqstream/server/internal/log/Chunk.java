/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One part of the {@link SharedLog}: a stretch of bytes and an index of the entries in it. Bytes
 * and entries are claimed together, so that entry {@code i} begins where entry {@code i - 1} ends.
 *
 * <p>A chunk is used again and again. {@link #sequence} tells its present use; a reader that finds
 * another value than it expects has been overtaken.
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

  private static final VarHandle COMMIT = MethodHandles.arrayElementVarHandle(long[].class);
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
  private long[] commit;

  /** Signal number of each entry and the flags above. */
  public int[] signo;

  /** Row of the first sample of each data entry. */
  public long[] row;

  /** Domain value of the first sample; with an explicit domain the bytes of the domain's frame. */
  public long[] tick;

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

  Chunk(Slab slab, int base, int limitBytes, int limitEntries) {
    this.slab = slab;
    this.base = base;
    this.limitBytes = limitBytes;
    this.limitEntries = limitEntries;
    this.commit = new long[limitEntries];
    this.signo = new int[limitEntries];
    this.row = new long[limitEntries];
    this.tick = new long[limitEntries];
    this.tail = Integer.MAX_VALUE;
  }

  /**
   * Lets go of everything; it is never used again. Who still knows it, as a table that writes
   * seldom, must not keep the index nor the chunks that came behind.
   */
  void release() {
    events.clear();
    next = null;
    commit = null;
    signo = null;
    row = null;
    tick = null;
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

  void commit(LogClaim claim) {
    COMMIT.setRelease(commit, claim.index, claim.sequence << 32 | (claim.offset + claim.bytes));
  }

  /** Whether entry {@code index} of use {@code expected} can be read. */
  public boolean isCommitted(int index, long expected) {
    return index < limitEntries
        && (int) ((long) COMMIT.getAcquire(commit, index) >>> 32) == (int) expected;
  }

  /** Number of entries once the chunk is full, {@code -1} before. */
  public int entryCount() {
    return entryCount;
  }

  /** Whether all claimed entries of a full chunk are committed. */
  boolean isComplete() {
    long expected = sequence;
    int count = entryCount;
    for (int i = count - 1; i >= 0; i--) {
      if (!isCommitted(i, expected)) {
        return false;
      }
    }
    return count >= 0;
  }

  /** Offset in the chunk of the first byte of a committed entry. */
  public int start(int index) {
    return index == 0 ? 0 : (int) commit[index - 1];
  }

  /** Offset in the chunk behind the last byte of a committed entry. */
  public int end(int index) {
    return (int) commit[index];
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
