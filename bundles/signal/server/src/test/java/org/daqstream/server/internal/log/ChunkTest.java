/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import org.junit.Before;
import org.junit.Test;

/** One chunk of the log. */
public class ChunkTest {
  private static final int LIMIT_BYTES = 100;
  private static final int LIMIT_ENTRIES = 4;

  private final ByteBuffer index = ByteBuffer.allocateDirect(Chunk.indexBytes(LIMIT_ENTRIES));
  private final Chunk chunk = new Chunk(null, index, 1_000, LIMIT_BYTES, LIMIT_ENTRIES);
  private final LogClaim claim = new LogClaim();

  @Before
  public void open() {
    chunk.open(1);
  }

  private boolean append(int bytes) {
    boolean claimed = chunk.claim(claim, bytes);
    if (claimed) {
      chunk.commit(claim);
    }
    return claimed;
  }

  @Test
  public void entriesLieOneBehindTheOther() {
    assertTrue(append(10));
    assertTrue(append(0));
    assertTrue(append(20));
    assertEquals(0, chunk.start(0));
    assertEquals(10, chunk.end(0));
    assertEquals(10, chunk.end(1));
    assertEquals(10, chunk.start(2));
    assertEquals(30, chunk.end(2));
  }

  @Test
  public void entryIsReadableOnlyWhenItIsCommitted() {
    assertTrue(chunk.claim(claim, 10));
    assertEquals(0, chunk.committedEnd(0, 1));
    chunk.commit(claim);
    assertEquals(1, chunk.committedEnd(0, 1));
    assertEquals("another use", 0, chunk.committedEnd(0, 2));
    assertEquals(1, chunk.committedEnd(1, 1));
    assertEquals(LIMIT_ENTRIES, chunk.committedEnd(LIMIT_ENTRIES, 1));
  }

  @Test
  public void fullByBytes() {
    assertTrue(append(60));
    assertEquals(-1, chunk.entryCount());
    assertFalse(append(41));
    assertEquals(1, chunk.entryCount());
    assertFalse("though it would fit", append(1));
    assertEquals(1, chunk.entryCount());
    assertTrue(chunk.isComplete());
  }

  @Test
  public void fullToTheLastByte() {
    assertTrue(append(LIMIT_BYTES));
    assertFalse(append(1));
    assertEquals(1, chunk.entryCount());
  }

  @Test
  public void fullByEntries() {
    for (int i = 0; i < LIMIT_ENTRIES; i++) {
      assertTrue(append(1));
    }
    assertFalse(append(1));
    assertEquals(LIMIT_ENTRIES, chunk.entryCount());
  }

  @Test
  public void failedClaimsDoNotWrapTheCounters() {
    assertTrue(append(60));
    for (int i = 0; i < 100; i++) {
      assertFalse(append(Integer.MAX_VALUE - LIMIT_BYTES));
    }
    assertEquals(1, chunk.entryCount());
  }

  @Test
  public void chunkWithAnUncommittedEntryIsNotComplete() {
    assertTrue(append(50));
    LogClaim interrupted = new LogClaim();
    assertTrue(chunk.claim(interrupted, 10));
    assertTrue(append(10));
    assertFalse("not full", chunk.isComplete());
    assertFalse(append(50));
    assertFalse("not committed", chunk.isComplete());
    chunk.commit(interrupted);
    assertTrue(chunk.isComplete());
  }

  @Test
  public void nextUseForgetsTheLastOne() {
    append(60);
    append(60);
    chunk.events.put(0, new LogEvent.Unavailable(null));
    chunk.open(2);
    assertEquals(-1, chunk.entryCount());
    assertEquals(0, chunk.committedEnd(0, 2));
    assertTrue(chunk.events.isEmpty());
    assertTrue(append(10));
    assertEquals(1, chunk.committedEnd(0, 2));
    assertEquals(10, chunk.end(0));
  }

  @Test
  public void entryOfAByteIsFound() {
    append(10);
    append(20);
    append(0);
    append(30);
    assertEquals(0, chunk.entryAt(0, 0, 4));
    assertEquals(0, chunk.entryAt(9, 0, 4));
    assertEquals(1, chunk.entryAt(10, 0, 4));
    assertEquals(1, chunk.entryAt(29, 0, 4));
    assertEquals(3, chunk.entryAt(30, 0, 4));
    assertEquals(3, chunk.entryAt(59, 0, 4));
    assertEquals(4, chunk.entryAt(60, 0, 4));
    assertEquals(2, chunk.entryAt(15, 2, 4));
  }
}
