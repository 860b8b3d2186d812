/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.nats.client.KeyValue;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.daqstream.base.support.OrderedTasks;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.testing.Await;
import org.junit.After;
import org.junit.Test;

/** Descriptions on their way into a bucket that is slow, or refuses some. */
public final class AnnouncerTest {
  private final TestRegistry runtime = new TestRegistry();
  private final OrderedTasks tasks = new OrderedTasks("test-announce", e -> {});
  private final Announcer announcer = new Announcer("p", new ImportedPaths("here"), tasks);
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private volatile long putMs;

  /** One that keeps nothing. */
  private final KeyValue bucket =
      (KeyValue)
          Proxy.newProxyInstance(
              AnnouncerTest.class.getClassLoader(),
              new Class<?>[] {KeyValue.class},
              (proxy, method, arguments) -> take(method.getName(), arguments));

  private Object take(String what, Object... arguments) throws Exception {
    if (refused.contains((String) arguments[0])) {
      throw new IOException("refused by the test");
    }
    new CountDownLatch(1).await(putMs, TimeUnit.MILLISECONDS);
    done.add(what + ' ' + arguments[0] + (arguments[1] instanceof Long at ? " " + at : ""));
    return (long) done.size();
  }

  private void publish(int signals) {
    PublishSettings settings =
        new PublishSettings(
            NatsOptions.to(NatsOptions.servers("nats://127.0.0.1:1")).build(),
            new Subjects("test"),
            List.of("**"),
            false,
            false,
            1,
            1 << 20,
            1,
            0,
            4096,
            1 << 20);
    runtime.addSink(new OutgoingSink(new PublishLoop("test", settings, id -> true, announcer)));
    for (int i = 0; i < signals; i++) {
      runtime
          .registry()
          .open(
              SignalDescriptor.linearTime("t" + i, 1_000_000),
              SignalDescriptor.value("v" + i, "int64").build());
    }
    Await.until("they are there", () -> announcer.signals().size() == signals);
  }

  @After
  public void stop() {
    tasks.end(1_000);
  }

  @Test
  public void otherTasksNeedNotWaitForAllDescriptions() {
    putMs = 5;
    publish(500);
    List<Integer> doneBefore = new CopyOnWriteArrayList<>();
    tasks.execute(() -> announcer.connected(bucket));
    tasks.execute(() -> doneBefore.add(done.size()));
    Await.until("it had its turn", () -> !doneBefore.isEmpty());
    assertTrue("after " + doneBefore, doneBefore.get(0) < 200);
    putMs = 0;
    Await.until("all are said", () -> done.size() == 500);
  }

  @Test
  public void oneThatIsRefusedComesBehindTheOthers() {
    refused.add("v0");
    publish(50);
    tasks.execute(() -> announcer.connected(bucket));
    Await.until("the others are said", () -> done.size() == 49);
    refused.clear();
    Await.until("it is said at last", () -> done.contains("put v0"));
  }

  @Test
  public void whatIsTakenBackIsTheOwnDescriptionAlone() {
    publish(2);
    tasks.execute(() -> announcer.connected(bucket));
    Await.until("both are said", () -> done.size() == 2);
    List<String> before = new ArrayList<>(done);
    tasks.execute(announcer::withdraw);
    Await.until("both are taken back", () -> done.size() == 4);
    assertEquals(List.of("put v0", "put v1"), before);
    assertEquals(List.of("delete v0 1", "delete v1 2"), done.subList(2, 4));
  }
}
