/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.lang.reflect.Proxy;
import java.util.Map;

/**
 * Makes configurations as the component runtime does: given values, else the annotation's defaults.
 */
final class Configs {
  private Configs() {}

  static <T> T of(Class<T> type, Map<String, Object> values) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object value = values.getOrDefault(method.getName(), method.getDefaultValue());
              if (value instanceof String text && method.getReturnType() == int.class) {
                return Integer.valueOf(text);
              }
              return value;
            }));
  }
}
