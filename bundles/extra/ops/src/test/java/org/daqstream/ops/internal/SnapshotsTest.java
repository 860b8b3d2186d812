/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** Many who ask do not load the servers. */
public class SnapshotsTest {
  private final AtomicLong clock = new AtomicLong();

  @Test
  public void whoAsksWithinAMomentGetsTheSame() {
    Snapshots snapshots = new Snapshots(Metrics::new, clock::get);
    Metrics first = snapshots.now();
    clock.addAndGet(Snapshots.MIN_AGE_NANOS - 1);
    assertSame(first, snapshots.now());
    clock.incrementAndGet();
    assertNotSame(first, snapshots.now());
  }

  @Test
  public void whoAsksDuringACollectionGetsItsResult() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger collections = new AtomicInteger();
    Snapshots snapshots =
        new Snapshots(
            () -> {
              collections.incrementAndGet();
              begun.countDown();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return new Metrics();
            },
            clock::get);
    CompletableFuture<Metrics> first = CompletableFuture.supplyAsync(snapshots::now);
    begun.await();
    clock.addAndGet(Snapshots.MIN_AGE_NANOS - 1);
    CompletableFuture<Metrics> second = CompletableFuture.supplyAsync(snapshots::now);
    goOn.countDown();
    assertSame(first.get(20, TimeUnit.SECONDS), second.get(20, TimeUnit.SECONDS));
    assertEquals(1, collections.get());
  }

  @Test
  public void aFailureIsToldAndTheNextOneTriesAgain() {
    AtomicInteger collections = new AtomicInteger();
    Snapshots snapshots =
        new Snapshots(
            () -> {
              if (collections.incrementAndGet() == 1) {
                throw new IllegalStateException("gone");
              }
              return new Metrics();
            },
            clock::get);
    assertThrows(IllegalStateException.class, snapshots::now);
    clock.addAndGet(Snapshots.MIN_AGE_NANOS);
    snapshots.now();
    assertEquals(2, collections.get());
  }
}
