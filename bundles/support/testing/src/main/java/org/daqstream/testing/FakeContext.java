/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A bundle context in which services can be registered, and nothing else. */
public final class FakeContext {
  private final List<Object> services = new CopyOnWriteArrayList<>();

  /** The context; whatever else is called gives null. */
  public BundleContext get() {
    return fake(
        BundleContext.class,
        (method, arguments) -> method.equals("registerService") ? register(arguments[1]) : null);
  }

  private ServiceRegistration<?> register(Object service) {
    services.add(service);
    return fake(
        ServiceRegistration.class,
        (method, arguments) -> method.equals("unregister") ? services.remove(service) : null);
  }

  private interface Answer {
    Object of(String method, Object[] arguments);
  }

  private static <T> T fake(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object result = answer.of(method.getName(), arguments);
              return method.getReturnType() == void.class ? null : result;
            }));
  }

  /** The services that are registered now. */
  public List<Object> services() {
    return List.copyOf(services);
  }
}
