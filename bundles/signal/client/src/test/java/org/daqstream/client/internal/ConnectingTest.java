/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.Closeable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.daqstream.base.support.OrderedTasks;
import org.junit.After;
import org.junit.Test;

/** Who gives up a socket closes that one, and no other. */
public class ConnectingTest {
  private final OrderedTasks tasks = new OrderedTasks("test", failure -> {});
  private final Opened first = new Opened();
  private final Opened second = new Opened();
  private volatile boolean isWanted = true;

  private static final class Opened extends CountDownLatch implements Closeable {
    Opened() {
      super(1);
    }

    @Override
    public void close() {
      countDown();
    }

    boolean isClosed() {
      return getCount() == 0;
    }
  }

  private Connecting connecting(Consumer<String> problem) {
    return new Connecting(0, tasks, () -> isWanted, problem);
  }

  @After
  public void end() {
    tasks.end(0);
  }

  @Test
  public void aConnectionThatBeginsMeanwhileIsNotClosedForTheOneBefore() throws Exception {
    Connecting[] connecting = new Connecting[1];
    AtomicBoolean isSaid = new AtomicBoolean();
    CountDownLatch said = new CountDownLatch(1);
    connecting[0] =
        connecting(
            text -> {
              if (isSaid.compareAndSet(false, true)) { // the reader goes on before it is closed
                connecting[0].end();
                connecting[0].begin(second);
                tasks.execute(said::countDown);
              }
            });
    connecting[0].begin(first);
    assertTrue("closed", first.await(10, TimeUnit.SECONDS));
    assertTrue("said", said.await(10, TimeUnit.SECONDS));
    assertFalse(second.isClosed());
    connecting[0].giveUp();
    assertTrue(second.isClosed());
  }

  @Test
  public void oneThatIsConnectedIsLeftAlone() {
    Connecting connecting = connecting(text -> {});
    connecting.begin(first);
    connecting.end();
    connecting.giveUp();
    assertEquals(1, first.getCount());
  }

  @Test
  public void oneThatNobodyWantsAnyMoreIsClosedAtOnce() {
    isWanted = false;
    connecting(text -> {}).begin(first);
    assertTrue(first.isClosed());
  }
}
