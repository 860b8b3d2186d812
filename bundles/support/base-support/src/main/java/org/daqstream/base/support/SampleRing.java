/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounded memory for entries of any size, from many threads to one. Nobody waits: who finds no room
 * is told so, and nobody gets any until half of it is free, so that there are few large holes and
 * not many small ones. Outside the heap, which would copy it about.
 */
public final class SampleRing {
  /** There was no room. */
  public static final long NO_ROOM = -1;

  /** Of the length, in front of each entry. */
  public static final int LENGTH_BYTES = Integer.BYTES;

  private static final VarHandle LENGTH =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final byte[] ZEROS = new byte[64 << 10];

  private final ByteBuffer memory;
  private final int capacity;
  private final AtomicLong head = new AtomicLong(); // moved by the reader
  private final AtomicLong tail = new AtomicLong();
  private volatile boolean isFull;
  private volatile boolean wasFull;
  private ByteBuffer view; // the reader's
  private int entryBytes; // of the entry that is read, with what fills it up

  /** With so much memory, which is taken at once. */
  public SampleRing(int bytes) {
    capacity = aligned(bytes);
    memory =
        ByteBuffer.allocateDirect(capacity + Long.BYTES)
            .alignedSlice(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    view = newView();
  }

  /** Entries begin at multiples of eight, so that their length is one access. */
  private static int aligned(int bytes) {
    return (bytes + Long.BYTES - 1) & -Long.BYTES;
  }

  /** For a thread that writes entries. */
  public ByteBuffer newView() {
    return memory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The largest entry that is taken. */
  public int entryLimitBytes() {
    return capacity / 2;
  }

  /** All of its memory. */
  public int capacity() {
    return capacity;
  }

  /** What entries take that were not read yet. */
  public long usedBytes() {
    return tail.get() - head.get();
  }

  /** Behind all entries that were claimed until now. */
  public long tail() {
    return tail.get();
  }

  /** Of the entry that is read next. */
  public long head() {
    return head.get();
  }

  /**
   * Claims room for an entry, which is to be committed whatever happens.
   *
   * @param bytes with {@link #LENGTH_BYTES}
   * @return its place, or {@link #NO_ROOM}
   */
  public long claim(int bytes) {
    int size = aligned(bytes);
    while (!isFull) {
      long from = tail.get();
      int toEnd = capacity - (int) (from % capacity);
      int skipped = size > toEnd ? toEnd : 0;
      if (from + skipped + size - head.get() > capacity) {
        isFull = true;
        wasFull = true;
      } else if (tail.compareAndSet(from, from + skipped + size)) {
        if (skipped > 0) {
          LENGTH.setRelease(memory, (int) (from % capacity), -skipped);
        }
        return from + skipped;
      }
    }
    return NO_ROOM;
  }

  /** Places the view on what is claimed, behind the length. */
  public void place(ByteBuffer target, long claim, int bytes) {
    int at = (int) (claim % capacity);
    target.limit(at + bytes).position(at + LENGTH_BYTES);
  }

  /** Gives an entry to the reader, or takes it back. */
  public void commit(long claim, int bytes, boolean isGood) {
    LENGTH.setRelease(memory, (int) (claim % capacity), isGood ? bytes : -aligned(bytes));
  }

  /** The next entry, {@code null} when there is none: to be gone on from with {@link #next}. */
  public ByteBuffer peek() {
    while (head.get() < tail.get()) {
      int at = (int) (head.get() % capacity);
      int length = (int) LENGTH.getAcquire(memory, at);
      if (length == 0) {
        return null; // its writer is busy with it
      }
      if (length > 0) {
        entryBytes = aligned(length);
        view.limit(at + length).position(at + LENGTH_BYTES);
        return view;
      }
      entryBytes = -length;
      next();
    }
    return null;
  }

  /** Lets the entry go that was read. */
  public void next() {
    int at = (int) (head.get() % capacity);
    for (int done = 0; done < entryBytes; done += ZEROS.length) {
      memory.put(at + done, ZEROS, 0, Math.min(ZEROS.length, entryBytes - done));
    }
    head.set(head.get() + entryBytes);
  }

  /** Whether there was no room at some time since this was asked. */
  public boolean takeFull() {
    boolean was = wasFull;
    wasFull = false;
    return was;
  }

  /** To be called by the reader now and then: has entries taken again when there is room. */
  public void reopen() {
    if (isFull && usedBytes() <= capacity / 2) {
      isFull = false;
    }
  }
}
