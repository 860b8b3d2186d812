/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The ring that all publishers append ready WebSocket frames to and that all clients read from,
 * each with a cursor of its own. Any number of publishers claim without a lock, encode in place and
 * commit; nobody waits for a reader. The ring consists of {@link Chunk chunks} in a chain; the
 * oldest one is used again when the newest is full.
 *
 * <p>What keeps readers safe: a reader announces the chunk that it works in ({@link ReaderPin}) and
 * then checks that its use is still the expected one. A chunk is marked as retired before the
 * announcements are looked at, and one that is announced, or in which a publisher has not finished,
 * is passed over in favour of the next oldest. So bytes on their way into a socket never change.
 * This needs a few spare chunks and no waiting.
 */
public final class SharedLog {
  /**
   * Chunks beyond the promised size: one for each pin, and for publishers that were interrupted.
   */
  private static final int SPARE_CHUNKS = 4;

  /**
   * What an event takes of the ring, though nobody sends it: the ring bounds its memory as well.
   */
  private static final int EVENT_BYTES = 2048;

  private static final int CHUNKS = 32;
  private static final int CHUNK_BYTES_MIN = 256 * 1024;
  private static final int BYTES_PER_ENTRY = 64;

  private final ByteBuffer ring;
  private final int chunkBytes;
  private final int chunkCount;
  private final List<ReaderPin> pins = new CopyOnWriteArrayList<>();
  private final Wakeup wakeup;
  private final Object rollLock = new Object();
  private final Deque<Chunk> oldestFirst = new ArrayDeque<>(); // guarded by rollLock
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
     * Announces a chunk.
     *
     * @return whether it is still in the expected use; if so its contents stay until {@link
     *     #release}
     */
    public boolean acquire(Chunk wanted, long expectedSequence) {
      chunk = wanted;
      return wanted.sequence == expectedSequence;
    }

    public void release() {
      chunk = null;
    }
  }

  public SharedLog(int ringBytes, Wakeup wakeup) {
    this.wakeup = wakeup;
    chunkBytes = Math.max(CHUNK_BYTES_MIN, ringBytes / CHUNKS);
    chunkCount = Math.max(4, ringBytes / chunkBytes);
    final int total = chunkCount + SPARE_CHUNKS;
    ring = ByteBuffer.allocateDirect(Math.multiplyExact(total, chunkBytes));
    for (int i = 0; i < total; i++) {
      oldestFirst.add(new Chunk(i * chunkBytes, chunkBytes, chunkBytes / BYTES_PER_ENTRY));
    }
    final Chunk first = oldestFirst.remove();
    first.open(1); // not 0, which is what an entry never used looks like
    oldestFirst.add(first);
    current = first;
  }

  /** A view of the whole ring for one thread. */
  public ByteBuffer newView() {
    return ring.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  public ReaderPin newPin() {
    final ReaderPin pin = new ReaderPin();
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

  /** The most bytes that one published block may take: more would overtake clients by itself. */
  int blockLimitBytes() {
    return chunkCount / 2 * chunkBytes;
  }

  /** The most entries that one published block may take, for the same reason. */
  int blockLimitEntries() {
    return chunkCount / 2 * (chunkBytes / BYTES_PER_ENTRY);
  }

  /** What a reader may be behind before it is overtaken. */
  public int ringBytes() {
    return chunkCount * chunkBytes;
  }

  /** The most bytes that one entry may take. */
  int entryLimitBytes() {
    return chunkBytes;
  }

  /**
   * Claims room for an entry; every successful claim must be followed by {@link #commit}.
   *
   * @return {@code false} when no chunk could ever hold it, or every chunk is held up, which takes
   *     as many interrupted publishers
   */
  boolean claim(LogClaim claim, int bytes) {
    if (bytes > chunkBytes) {
      return false;
    }
    while (true) {
      final Chunk chunk = current;
      final long sequence = chunk.sequence;
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
    final LogClaim claim = new LogClaim();
    while (!claim(claim, EVENT_BYTES)) {
      Thread.onSpinWait(); // an event must not be lost, and structural calls may wait
    }
    claim.chunk.events.put(claim.index, event);
    claim.chunk.signo[claim.index] = Chunk.EVENT;
    commit(claim);
    appended();
  }

  /** To be called after the last commit of a block. */
  void appended() {
    VarHandle.fullFence(); // the commit must be visible before the reader's sleep is looked at
    wakeup.onAppend();
  }

  /**
   * Takes the oldest chunk into use in place of a full one.
   *
   * @param sequence use in which the chunk was full
   * @return {@code false} when every chunk is held up
   */
  boolean roll(Chunk full, long sequence) {
    synchronized (rollLock) {
      if (current != full || full.sequence != sequence) {
        return true; // somebody else did, perhaps long ago: the chunk may even be in use again
      }
      final Chunk fresh = takeOldest();
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

  private Chunk takeOldest() {
    for (int tries = oldestFirst.size(); tries > 0; tries--) {
      final Chunk oldest = oldestFirst.remove();
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
