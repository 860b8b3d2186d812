/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.util.HashMap;
import java.util.Map;

/** Configurations as the component runtime gives them. */
public final class Configs {
  private Configs() {}

  /**
   * A configuration.
   *
   * @param keysAndValues key, value, key, value …
   */
  public static Map<String, Object> of(Object... keysAndValues) {
    return with(Map.of(), keysAndValues);
  }

  /**
   * Values with some changed.
   *
   * @return a new map
   */
  public static Map<String, Object> with(Map<String, Object> values, Object... keysAndValues) {
    Map<String, Object> changed = new HashMap<>(values);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      changed.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return changed;
  }
}
