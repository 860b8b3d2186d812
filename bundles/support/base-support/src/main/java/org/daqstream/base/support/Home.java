/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.base.support;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** The folder of the runtime, against which relative paths of configurations stand. */
public final class Home {
  private static final String PROPERTY = "daqstream.home";

  private Home() {}

  /**
   * The folder that the launcher names by a property of the framework; without a launcher the
   * working directory, as in Karaf. May be empty, for resolving.
   */
  public static Path of(UnaryOperator<String> property) {
    String home = property.apply(PROPERTY);
    return Path.of(home == null ? "" : home);
  }
}
