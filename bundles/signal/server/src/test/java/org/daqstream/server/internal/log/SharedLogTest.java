/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.daqstream.server.internal.Await;
import org.junit.Test;

/** The log: many publishers, readers at their own pace (architecture section 4). */
public class SharedLogTest {
  private static final int RING_BYTES = 1 << 20;

  private final AtomicInteger wakeups = new AtomicInteger();
  private final SharedLog log = new SharedLog(RING_BYTES, wakeups::incrementAndGet);

  /** Appends entries that tell who wrote them, when, and whether they are whole. */
  private final class Publisher extends Thread {
    private final int number;
    private final int entries;
    private final RingReader pacer;
    private final LogClaim claim = new LogClaim();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile int written;

    Publisher(int number, int entries, RingReader pacer) {
      this.number = number;
      this.entries = entries;
      this.pacer = pacer;
    }

    @Override
    public void run() {
      try {
        for (int i = 0; i < entries; i++) {
          while (pacer != null && log.current().sequence - pacer.sequence > 2) {
            Thread.onSpinWait();
          }
          append(i, 16 + (i * 37 + number * 101) % 4_000);
          written = i + 1;
        }
      } catch (RuntimeException | AssertionError e) {
        failure.set(e);
      }
    }

    private void append(int i, int bytes) {
      while (!log.claim(claim, bytes)) {
        Thread.onSpinWait(); // every chunk held up by an interrupted sibling
      }
      int start = claim.chunk.base + claim.offset;
      ByteBuffer view = claim.chunk.slab.newView();
      view.limit(start + bytes).position(start);
      view.putInt(number).putInt(i);
      while (view.hasRemaining()) {
        view.put((byte) (number + i));
      }
      claim.chunk.describe(claim.index, number, i, 0);
      log.commit(claim);
      log.appended();
    }
  }

  /** Reads like a client's cursor, and checks every entry. */
  private final class RingReader {
    private final SharedLog.ReaderPin pin = log.newPin();
    private final int[] next;
    private Chunk chunk = log.current();
    private volatile long sequence = chunk.sequence;
    private int index;
    private int overtaken;

    RingReader(int publishers) {
      next = new int[publishers];
    }

    /** Reads what is committed; returns the number of entries. */
    int read(boolean gapless) {
      if (!pin.acquire(chunk, sequence)) {
        pin.release();
        overtaken++;
        do {
          chunk = log.current();
          sequence = chunk.sequence;
        } while (sequence == Chunk.RETIRED);
        index = 0;
        return 0;
      }
      try {
        int first = index;
        int end = chunk.committedEnd(index, sequence);
        while (index < end) {
          check(gapless);
          index++;
        }
        int count = index - first;
        if (index == chunk.entryCount() && chunk.next != null) {
          chunk = chunk.next;
          long following = sequence + 1;
          sequence = following; // this thread alone writes it
          index = 0;
        }
        return count;
      } finally {
        pin.release();
      }
    }

    private void check(boolean gapless) {
      int start = chunk.base + chunk.start(index);
      int end = chunk.base + chunk.end(index);
      ByteBuffer view = chunk.slab.newView().limit(end).position(start);
      int number = view.getInt();
      int i = view.getInt();
      assertEquals(number, chunk.signo(index));
      assertEquals(i, chunk.row(index));
      assertEquals(16 + (i * 37 + number * 101) % 4_000, end - start);
      while (view.hasRemaining()) {
        assertEquals((byte) (number + i), view.get());
      }
      assertTrue("order of publisher " + number, i >= next[number]);
      if (gapless) {
        assertEquals("publisher " + number, next[number], i);
      }
      next[number] = i + 1;
    }
  }

  private static void startAll(List<Publisher> publishers) {
    publishers.forEach(Thread::start);
  }

  private static void joinAll(List<Publisher> publishers) throws InterruptedException {
    for (Publisher publisher : publishers) {
      publisher.join();
      assertEquals(null, publisher.failure.get());
    }
  }

  @Test
  public void readerThatKeepsUpGetsEveryEntryWholeAndInOrder() throws Exception {
    int publisherCount = 4;
    int entries = 6_000; // 48 MB: nearly 200 chunks
    RingReader reader = new RingReader(publisherCount);
    List<Publisher> publishers = new ArrayList<>();
    for (int number = 0; number < publisherCount; number++) {
      publishers.add(new Publisher(number, entries, reader));
    }
    startAll(publishers);
    int[] read = new int[1];
    Await.until(
        "all entries",
        () -> {
          for (int count = reader.read(true); count > 0; count = reader.read(true)) {
            read[0] += count;
          }
          return read[0] == publisherCount * entries;
        });
    joinAll(publishers);
    assertEquals(0, reader.overtaken);
    assertTrue(log.current().sequence > 100);
    assertEquals((long) publisherCount * entries, wakeups.get());
  }

  @Test
  public void readerThatIsOvertakenNoticesAndNeverSeesTornEntries() throws Exception {
    int publisherCount = 4;
    int entries = 10_000;
    RingReader reader = new RingReader(publisherCount);
    List<Publisher> publishers = new ArrayList<>();
    for (int number = 0; number < publisherCount; number++) {
      publishers.add(new Publisher(number, entries, null));
    }
    Chunk first = log.current();
    long firstUse = first.sequence;
    startAll(publishers);
    Await.until("the log went round", () -> first.sequence != firstUse);
    Await.until(
        "the end",
        () -> {
          reader.read(false);
          return publishers.stream().noneMatch(Thread::isAlive) && isAtEnd(reader);
        });
    joinAll(publishers);
    assertTrue(reader.overtaken > 0);
    for (Publisher publisher : publishers) {
      assertEquals(entries, publisher.written);
    }
  }

  private boolean isAtEnd(RingReader reader) {
    return reader.chunk == log.current()
        && reader.chunk.committedEnd(reader.index, reader.sequence) == reader.index;
  }

  @Test
  public void pinnedBytesStayWhatTheyAre() {
    SharedLog.ReaderPin pin = log.newPin();
    Publisher publisher = new Publisher(7, 0, null);
    publisher.append(0, 4_000);
    Chunk chunk = publisher.claim.chunk;
    long use = chunk.sequence;
    int bytes = chunk.end(0);
    assertTrue(pin.acquire(chunk, use));
    byte[] before = new byte[bytes];
    chunk.slab.newView().get(chunk.base, before);
    for (int i = 1; i < 8_000; i++) { // eight times through the log
      publisher.append(i, 2_000);
    }
    byte[] after = new byte[bytes];
    chunk.slab.newView().get(chunk.base, after);
    assertEquals(ByteBuffer.wrap(before), ByteBuffer.wrap(after));
    pin.release();
    assertFalse("a chunk that was due is not entered again", pin.acquire(chunk, use));
    pin.release();
    for (int i = 0; i < 2_000; i++) {
      publisher.append(i, 2_000);
    }
    chunk.slab.newView().get(chunk.base, after);
    assertNotEquals("it is used again", ByteBuffer.wrap(before), ByteBuffer.wrap(after));
  }

  @Test
  public void claimIsRefusedWhileAllChunksAreHeldUpAndNothingIsLost() {
    List<LogClaim> heldUp = new ArrayList<>();
    LogClaim claim = new LogClaim();
    while (log.claim(claim, log.entryLimitBytes())) {
      heldUp.add(claim);
      claim = new LogClaim();
    }
    assertTrue(heldUp.size() > log.chunkCount());
    for (int i = 0; i < 20_000; i++) { // enough for counters to overflow
      assertFalse(log.claim(claim, log.entryLimitBytes()));
    }
    heldUp.forEach(log::commit);
    assertTrue(log.claim(claim, log.entryLimitBytes()));
    assertEquals(0, claim.index);
    assertEquals(0, claim.offset);
  }

  private void appendChunks(int count) {
    appendChunks(log, count);
  }

  private static void appendChunks(SharedLog log, int count) {
    LogClaim claim = new LogClaim();
    for (int i = 0; i < count; i++) {
      assertTrue(log.claim(claim, log.entryLimitBytes()));
      log.commit(claim);
    }
  }

  @Test
  public void sameMemoryIsWrittenAgainAsLongAsNobodyIsBehind() {
    long floorBytes = log.heldBytes();
    Set<Chunk> used = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      appendChunks(1);
      used.add(log.current());
      log.release(log.current().sequence);
    }
    assertEquals(floorBytes, log.heldBytes());
    assertEquals("the newest and the one before, which is done when it is full", 2, used.size());
  }

  @Test
  public void logGrowsForWhoIsBehindAndShrinksWhenNobodyIs() {
    SharedLog log = new SharedLog(16 << 20, () -> {});
    long floorBytes = log.heldBytes();
    Chunk oldest = log.current();
    long firstUse = oldest.sequence;
    appendChunks(log, log.chunkCount());
    assertEquals("nobody is overtaken yet", firstUse, oldest.sequence);
    assertTrue(log.heldBytes() >= log.limitBytes());
    appendChunks(log, 2 * log.chunkCount());
    assertNotEquals("more than the limit behind", firstUse, oldest.sequence);
    assertEquals(log.memoryLimitBytes(), log.heldBytes());
    log.release(log.current().sequence);
    long now = System.nanoTime();
    log.trim(now + TimeUnit.SECONDS.toNanos(11));
    log.trim(now + TimeUnit.SECONDS.toNanos(12));
    assertEquals("was needed a moment ago", log.memoryLimitBytes(), log.heldBytes());
    log.trim(now + TimeUnit.SECONDS.toNanos(22));
    assertTrue("what is left is where the newest is", log.heldBytes() <= 2 * floorBytes);
    appendChunks(log, 3 * log.chunkCount());
    assertEquals("and again", log.memoryLimitBytes(), log.heldBytes());
  }

  @Test
  public void growingTakesNoHeapWhichWouldNotComeBack() {
    SharedLog log = new SharedLog(16 << 20, () -> {});
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    appendChunks(log, log.chunkCount());
    long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    assertTrue(bytes + " bytes", bytes < log.limitBytes() / 100);
    assertTrue("the index is counted", log.heldBytes() > log.limitBytes() * 5L / 4);
  }

  @Test
  public void whoKnowsChunkThatIsGivenBackDoesNotKeepTheChain() {
    SharedLog log = new SharedLog(16 << 20, () -> {});
    LogClaim seldom = new LogClaim(); // of a table that writes nothing more
    appendChunks(log, log.chunkCount() / 2);
    assertTrue(log.claim(seldom, 1));
    log.commit(seldom);
    appendChunks(log, log.chunkCount() / 4);
    assertTrue("others came behind", seldom.chunk.next != null);
    log.release(log.current().sequence);
    long now = System.nanoTime();
    for (int i = 1; i < 5; i++) {
      log.trim(now + TimeUnit.SECONDS.toNanos(11L * i));
    }
    assertNull(seldom.chunk.next);
    assertThrows("its index is gone", NullPointerException.class, () -> seldom.chunk.row(0));
  }

  @Test
  public void chunkThatIsReadStaysThoughItIsReleased() {
    SharedLog.ReaderPin pin = log.newPin();
    Chunk chunk = log.current();
    long use = chunk.sequence;
    assertTrue(pin.acquire(chunk, use));
    for (int i = 0; i < 50; i++) {
      appendChunks(1);
      log.release(log.current().sequence);
      assertTrue("it is the newest at first", i == 0 || log.current() != chunk);
    }
    pin.release();
    Set<Chunk> used = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      appendChunks(1);
      used.add(log.current());
      log.release(log.current().sequence);
    }
    assertEquals(2, used.size());
  }

  @Test
  public void entriesWithoutBytesFillTheIndex() {
    LogClaim claim = new LogClaim();
    Chunk first = log.current();
    int count = 0;
    while (log.claim(claim, 0) && claim.chunk == first) {
      assertEquals(count++, claim.index);
      log.commit(claim);
    }
    assertEquals(count, first.entryCount());
    assertTrue(first.isComplete());
    assertEquals(0, claim.index);
    assertEquals(first.next, claim.chunk);
  }

  @Test
  public void chunkThatIsInUseAgainIsNotTakenForFull() {
    // A publisher may be interrupted after it found a chunk full, while the log goes round.
    Publisher publisher = new Publisher(0, 0, null);
    Chunk chunk = log.current();
    long use = chunk.sequence;
    do {
      publisher.append(0, 4_000);
    } while (log.current() != chunk || chunk.sequence == use);
    assertTrue(log.roll(chunk, use));
    assertEquals(chunk, log.current());
    assertEquals("still open", -1, chunk.entryCount());
  }
}
