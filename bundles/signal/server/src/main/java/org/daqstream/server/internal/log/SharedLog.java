/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log that all publishers append ready WebSocket frames to and that all clients read from, each
 * with a cursor of its own. Any number of publishers claim without a lock, encode in place and
 * commit; nobody waits for a reader.
 *
 * <p>The log is a chain of {@link Chunk chunks}. What every reader has behind it is retired, and of
 * the retired ones that which was used last is taken next, so that as long as nobody is behind the
 * same few are written again and again and stay in the processor's cache. When somebody is behind,
 * chunks are added up to a limit, where the oldest one is retired all the same, and given back when
 * nobody needed them for a while.
 *
 * <p>What keeps readers safe: a reader announces the chunk that it works in ({@link ReaderPin}) and
 * then checks that its use is still the expected one. A chunk is marked as retired before the
 * announcements are looked at, and one that is announced, or in which a publisher has not finished,
 * is passed over in favour of the next oldest. So bytes on their way into a socket never change.
 * This needs a few spare chunks and no waiting.
 */
public final class SharedLog {
  private static final Logger LOG = LoggerFactory.getLogger(SharedLog.class);

  /**
   * Chunks beyond the promised size: one for each pin, and for publishers that were interrupted.
   */
  private static final int SPARE_CHUNKS = Slab.CHUNKS;

  /**
   * What an event takes of the log, though nobody sends it: the limit bounds its memory as well.
   */
  private static final int EVENT_BYTES = 2048;

  private static final int CHUNKS_MIN = 32;
  private static final int CHUNKS = 256;
  private static final int CHUNK_BYTES_MIN = 256 * 1024;
  private static final int CHUNK_BYTES = 512 * 1024;
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final int chunkBytes;
  private final int chunkCount;
  private final List<ReaderPin> pins = new CopyOnWriteArrayList<>();
  private final Wakeup wakeup;
  private final Object rollLock = new Object();
  private final Deque<Chunk> oldestFirst = new ArrayDeque<>(); // guarded by rollLock, as the next
  private final List<Slab> slabs = new ArrayList<>();
  private int slabLimit;
  private long idleSinceNanos = System.nanoTime();
  private volatile long neededSequence;
  private volatile Chunk current;

  /** What a sleeping reader wants to be woken by. */
  public interface Wakeup {
    /** Called after every append; cheap when nobody sleeps. */
    void onAppend();
  }

  /** Names the chunk that a reading thread works in. */
  public static final class ReaderPin {
    private volatile Chunk chunk;

    /**
     * Announces a chunk; true if it is still in the expected use: its contents then stay until
     * {@link #release}.
     */
    public boolean acquire(Chunk wanted, long expectedSequence) {
      chunk = wanted;
      return wanted.sequence == expectedSequence;
    }

    public void release() {
      chunk = null;
    }
  }

  /** An empty log; a reader may be so many bytes behind before it is overtaken. */
  public SharedLog(int limitBytes, Wakeup wakeup) {
    this.wakeup = wakeup;
    chunkBytes =
        Math.max(
            Math.max(CHUNK_BYTES_MIN, limitBytes / CHUNKS),
            Math.min(CHUNK_BYTES, limitBytes / CHUNKS_MIN));
    chunkCount = Math.max(4, limitBytes / chunkBytes);
    slabLimit = (chunkCount + SPARE_CHUNKS + Slab.CHUNKS - 1) / Slab.CHUNKS;
    slabs.add(new Slab(chunkBytes));
    Chunk first = slabs.get(0).take();
    first.open(1); // not 0, which is what an entry never used looks like
    oldestFirst.add(first);
    current = first;
  }

  public ReaderPin newPin() {
    ReaderPin pin = new ReaderPin();
    pins.add(pin);
    return pin;
  }

  /** The chunk that is being appended to. */
  public Chunk current() {
    return current;
  }

  /** How many chunks a reader may be behind before it is overtaken. */
  public int chunkCount() {
    return chunkCount;
  }

  public int chunkBytes() {
    return chunkBytes;
  }

  /** The most bytes that one published block may take: more would overtake clients by itself. */
  int blockLimitBytes() {
    return chunkCount / 2 * chunkBytes;
  }

  /** The most entries that one published block may take, for the same reason. */
  int blockLimitEntries() {
    return chunkCount / 2 * Slab.entriesOf(chunkBytes);
  }

  /** What a reader may be behind before it is overtaken. */
  public int limitBytes() {
    return chunkCount * chunkBytes;
  }

  /** The most bytes that one entry may take. */
  int entryLimitBytes() {
    return chunkBytes;
  }

  /**
   * Claims room for an entry; every successful claim must be followed by {@link #commit}. False
   * when no chunk could ever hold it, or every chunk is held up, which takes as many interrupted
   * publishers.
   */
  boolean claim(LogClaim claim, int bytes) {
    if (bytes > chunkBytes) {
      return false;
    }
    while (true) {
      Chunk chunk = current;
      long sequence = chunk.sequence;
      if (chunk.claim(claim, bytes)) {
        return true;
      }
      if (!roll(chunk, sequence)) {
        return false;
      }
    }
  }

  /** Makes a claimed entry readable. */
  void commit(LogClaim claim) {
    claim.chunk.commit(claim);
  }

  /** Appends an event, on any thread. */
  void append(LogEvent event) {
    LogClaim claim = new LogClaim();
    while (!claim(claim, EVENT_BYTES)) {
      Thread.onSpinWait(); // an event must not be lost, and structural calls may wait
    }
    claim.chunk.events.put(claim.index, event);
    claim.chunk.describe(claim.index, Chunk.EVENT);
    commit(claim);
    appended();
  }

  /** To be called after the last commit of a block. */
  void appended() {
    VarHandle.fullFence(); // the commit must be visible before the reader's sleep is looked at
    wakeup.onAppend();
  }

  /** No reader needs what was appended to chunks before this one any more. */
  public void release(long sequence) {
    neededSequence = sequence;
  }

  /** The most bytes of memory that the log takes. */
  public long memoryLimitBytes() {
    synchronized (rollLock) {
      return (long) slabLimit * Slab.bytesOf(chunkBytes);
    }
  }

  /** Bytes of memory that the log takes now. */
  public long heldBytes() {
    synchronized (rollLock) {
      return (long) slabs.size() * Slab.bytesOf(chunkBytes);
    }
  }

  /** Gives memory back that was not needed for a while; to be called now and then. */
  public void trim(long nowNanos) {
    synchronized (rollLock) {
      reclaim();
      if (nowNanos - idleSinceNanos >= IDLE_NANOS) {
        idleSinceNanos = nowNanos;
        slabs.removeIf(slab -> slab.wasIdle() && slab != slabs.get(0) && release(slab));
      }
    }
  }

  private static boolean release(Slab slab) {
    slab.release();
    return true;
  }

  /**
   * Takes another chunk into use in place of one that was full in that use; false when every chunk
   * is held up.
   */
  boolean roll(Chunk full, long sequence) {
    synchronized (rollLock) {
      if (current != full || full.sequence != sequence) {
        return true; // somebody else did, perhaps long ago: the chunk may even be in use again
      }
      Chunk fresh = takeFree();
      if (fresh == null) {
        return false;
      }
      fresh.open(full.sequence + 1);
      oldestFirst.add(fresh);
      full.next = fresh;
      current = fresh;
      return true;
    }
  }

  private Chunk takeFree() {
    reclaim();
    for (Slab slab : slabs) {
      Chunk chunk = slab.take();
      if (chunk != null) {
        return chunk;
      }
    }
    if (slabs.size() < slabLimit && grow()) {
      return slabs.get(slabs.size() - 1).take();
    }
    return takeOldest();
  }

  private boolean grow() {
    try {
      slabs.add(new Slab(chunkBytes));
      return true;
    } catch (OutOfMemoryError e) {
      slabLimit = slabs.size(); // asking again would cost a collection each time
      LOG.warn(
          "no memory for more than {} bytes of the log (key ringBytes, -XX:MaxDirectMemorySize):"
              + " {}",
          memoryLimitBytes(),
          e.getMessage());
      return false;
    }
  }

  /** Takes chunks out that every reader is done with. */
  private void reclaim() {
    long needed = neededSequence;
    for (int count = oldestFirst.size(); count > 0; count--) {
      Chunk chunk = oldestFirst.remove();
      if (chunk != current && chunk.lastUse < needed && retire(chunk)) {
        chunk.slab.put(chunk);
      } else {
        oldestFirst.add(chunk);
      }
    }
  }

  private Chunk takeOldest() {
    for (int tries = oldestFirst.size(); tries > 0; tries--) {
      Chunk oldest = oldestFirst.remove();
      if (oldest != current && retire(oldest)) {
        return oldest;
      }
      oldestFirst.add(oldest);
    }
    return null;
  }

  private boolean retire(Chunk chunk) {
    if (chunk.sequence != Chunk.RETIRED) {
      if (!chunk.isComplete()) {
        return false;
      }
      chunk.sequence = Chunk.RETIRED;
      VarHandle.fullFence(); // against ReaderPin.acquire: one of both sees the other
    }
    for (ReaderPin pin : pins) {
      if (pin.chunk == chunk) {
        return false;
      }
    }
    return true;
  }
}
