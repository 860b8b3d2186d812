/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.testing.Await;
import org.daqstream.testing.FakeContext;
import org.junit.Test;
import org.osgi.framework.BundleContext;

/** How a runtime knows what comes back to it. */
public final class IncomingLinksTest {
  private final List<String> agents = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final IncomingLinks links =
      new IncomingLinks(
          () -> {
            asked.incrementAndGet();
            return agents;
          });

  @Test
  public void linkThatWasAwayIsKnownWhenItIsBack() {
    assertFalse(links.contains("a1"));
    agents.add("daqstream/1 " + IncomingLinks.nameOf("the east", "a1"));
    Await.until("it is known", () -> links.contains("a1"));
    agents.clear();
    assertTrue("for good", links.contains("a1"));
  }

  @Test
  public void serversAreNotAskedForEachSignal() {
    long start = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      assertFalse(links.contains("a1"));
    }
    long most = 1 + (System.nanoTime() - start) / 40_000_000;
    assertTrue(asked + " of " + most, asked.get() <= most);
  }

  @Test
  public void runtimeHasOneIdWhoeverAsks() {
    FakeContext context = new FakeContext();
    String id = LocalNames.runtimeId(context.get());
    assertEquals(id, LocalNames.runtimeId(context.get()));
    assertNotEquals(id, LocalNames.runtimeId(new FakeContext().get()));
    assertEquals(LocalNames.runtimeId(withoutId()), LocalNames.runtimeId(withoutId()));
  }

  private static BundleContext withoutId() {
    return (BundleContext)
        Proxy.newProxyInstance(
            IncomingLinksTest.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) -> null);
  }
}
