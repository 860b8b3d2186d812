/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** What DS would make of a configuration. */
final class Configs {

  private Configs() {}

  /** The values, and the default of every other key. */
  static <T> T of(Class<T> type, Map<String, ?> values) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                values.containsKey(method.getName())
                    ? values.get(method.getName())
                    : method.getDefaultValue()));
  }

  /** The values with one changed. */
  static Map<String, Object> with(Map<String, Object> values, String key, Object value) {
    Map<String, Object> changed = new HashMap<>(values);
    changed.put(key, value);
    return changed;
  }
}
