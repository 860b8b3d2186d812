/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** What the component runtime would make of a configuration. */
public final class Configs {
  private Configs() {}

  /**
   * A configuration.
   *
   * @param type the component's annotation
   * @param values by key; texts are taken as whole numbers where the key wants one
   * @return the values, else the annotation's defaults
   */
  public static <T> T of(Class<T> type, Map<String, ?> values) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object value =
                  values.containsKey(method.getName())
                      ? values.get(method.getName())
                      : method.getDefaultValue();
              if (value instanceof String text && method.getReturnType() == int.class) {
                return Integer.valueOf(text);
              }
              return value;
            }));
  }

  /**
   * Values with one changed.
   *
   * @return a new map
   */
  public static Map<String, Object> with(Map<String, Object> values, String key, Object value) {
    Map<String, Object> changed = new HashMap<>(values);
    changed.put(key, value);
    return changed;
  }
}
