/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;

/** A bundle context of a framework of its own, in which services can be registered. */
public final class FakeContext {
  private final List<Object> services = new CopyOnWriteArrayList<>();
  private final String id = UUID.randomUUID().toString();

  /** The context; whatever else is called gives null. */
  public BundleContext get() {
    return fake(
        BundleContext.class,
        (method, arguments) ->
            switch (method) {
              case "registerService" -> register(arguments[1]);
              case "getProperty" -> Constants.FRAMEWORK_UUID.equals(arguments[0]) ? id : null;
              default -> null;
            });
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
