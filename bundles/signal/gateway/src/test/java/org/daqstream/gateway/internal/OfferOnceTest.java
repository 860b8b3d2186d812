/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import static org.junit.Assert.assertEquals;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.daqstream.discovery.api.Device;
import org.daqstream.discovery.api.DeviceListener;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.testing.Await;
import org.daqstream.testing.FakeContext;
import org.daqstream.testing.RecordingRegistry;
import org.junit.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** What is put into a link when another one takes its place. */
public final class OfferOnceTest {
  private final FakeContext services = new FakeContext();
  private final Set<Object> sinks = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            OfferOnceTest.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private Object context(Object proxy, Method method, Object[] arguments) throws Exception {
    if (!method.getName().equals("registerService") || !arguments[0].equals(SignalSink.class)) {
      return method.invoke(services.get(), arguments);
    }
    Object sink = arguments[1];
    sinks.add(sink);
    return proxy(
        ServiceRegistration.class,
        (registration, call, none) -> {
          ending.countDown();
          mayEnd.await();
          sinks.remove(sink);
          return null;
        });
  }

  private static Map<String, Object> configuration(String key, String value) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("service.pid", RemoteDevice.PID + "~dev");
    properties.put(key, value);
    properties.put("publish", "**");
    properties.put("reconnectMinMs", 20);
    properties.put("reconnectMaxMs", 100);
    return properties;
  }

  private void find(int port) {
    Device found =
        new Device(
            "rig on host",
            "host.local",
            port,
            List.of(InetAddress.getLoopbackAddress()),
            Map.of("name", "rig"));
    services.services().stream()
        .filter(DeviceListener.class::isInstance)
        .forEach(each -> ((DeviceListener) each).found(found));
  }

  @Test
  public void linkThatComesWhileAnotherEndsIsOfferedOnce() throws Exception {
    RemoteDevice device =
        new RemoteDevice(
            new RecordingRegistry(),
            proxy(BundleContext.class, this::context),
            configuration("device", "rig"),
            List::of);
    find(1);
    Await.until("it is offered what is published", () -> sinks.size() == 1);
    find(2);
    ending.await();
    device.modified(configuration("address", "daq.lt://127.0.0.1:3"));
    assertEquals("the new one beside the old", 2, sinks.size());
    mayEnd.countDown();
    Await.until("only the new one is left", () -> sinks.size() == 1);
    Await.noThread("daqstream-gateway-found"); // which has ended the old one
    assertEquals(1, sinks.size());
    device.stop();
    assertEquals(Set.of(), sinks);
    Await.noThread("daqstream-gateway");
  }
}
