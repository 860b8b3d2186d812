/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static java.util.stream.Collectors.joining;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.testing.Await;
import org.daqstream.testing.FakeContext;
import org.junit.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

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

  /** A signal of this runtime would come back as a foreign one while its link is away. */
  @Test
  public void linksThatAreNamedOnlyPushOutNoneThatLeadsHere() {
    agents.add("daqstream/1 " + IncomingLinks.nameOf("east", "a1"));
    assertTrue(links.contains("a1"));
    agents.clear();
    for (int i = 0; i < 3_000; i++) {
      assertFalse(links.contains("b" + i));
    }
    assertTrue(links.contains("a1"));
  }

  /** Who connects again and again, with another id each time, is no better. */
  @Test
  public void linksThatAreOfUsePushOutThoseThatAreNot() throws Exception {
    agents.add("daqstream/1 " + IncomingLinks.nameOf("east", "a1"));
    assertTrue(links.contains("a1"));
    agents.clear();
    for (int i = 0; i < 3_000; i++) {
      agents.add("daqstream/1 " + IncomingLinks.nameOf("east", "b" + i));
    }
    Await.until("they are seen", () -> links.contains("b0"));
    for (int i = 0; i < 3_000; i++) {
      assertTrue(links.contains("b" + i));
      assertTrue(links.contains("a1"));
    }
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
  public void serversAreNotAskedForEachLink() {
    long start = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      assertFalse(links.contains("a" + i));
    }
    long most = 1 + (System.nanoTime() - start) / 900_000;
    assertTrue(asked + " of " + most, asked.get() <= most);
  }

  /** What it brings may be here in a few milliseconds. */
  @Test
  public void linkThatHasJustConnectedIsKnown() throws Exception {
    assertFalse(links.contains("a1"));
    agents.add("daqstream/1 " + IncomingLinks.nameOf("east", "a2"));
    long soon = System.nanoTime() + 3_000_000;
    Await.until("a few milliseconds", () -> System.nanoTime() > soon);
    assertTrue(links.contains("a2"));
  }

  @Test
  public void longWaysEndHere() {
    assertFalse(comesBack(32));
    assertTrue(comesBack(33));
    asked.set(0);
    assertTrue(comesBack(10_000));
    assertEquals(0, asked.get());
  }

  private boolean comesBack(int steps) {
    String path = IntStream.range(0, steps).mapToObj(i -> "r" + i + ":a" + i).collect(joining(" "));
    return new LocalNames("dev/", "mine", "link", links)
        .comesBack(
            SignalDescriptor.value("v", DataTypes.REAL64)
                .metadata(Map.of(LocalNames.PATH, path))
                .build());
  }

  @Test
  public void serverThatDoesNotAnswerHidesNoOther() {
    List<Object> told = new ArrayList<>();
    ServiceReference<?> silent = fake(ServiceReference.class, (method, of) -> "silent");
    ServiceReference<?> other = fake(ServiceReference.class, (method, of) -> "other");
    ServerMonitor silentServer =
        fake(
            ServerMonitor.class,
            (method, of) -> {
              throw new IllegalStateException("it does not answer");
            });
    ServerMonitor otherServer =
        fake(
            ServerMonitor.class,
            (method, of) -> {
              told.add("other");
              return List.of();
            });
    BundleContext context =
        fake(
            BundleContext.class,
            (method, of) ->
                switch (method) {
                  case "getServiceReferences" -> List.of(silent, other);
                  case "getService" -> of.toString().equals("silent") ? silentServer : otherServer;
                  case "ungetService" -> told.add("end of " + of);
                  default -> null;
                });
    assertEquals(List.of(), IncomingLinks.agents(context));
    assertEquals(List.of("end of silent", "other", "end of other"), told);
  }

  private static <T> T fake(Class<T> type, BiFunction<String, Object, Object> answer) {
    return type.cast(
        Proxy.newProxyInstance(
            IncomingLinksTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                answer.apply(method.getName(), arguments == null ? null : arguments[0])));
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
    return fake(BundleContext.class, (method, of) -> null);
  }
}
