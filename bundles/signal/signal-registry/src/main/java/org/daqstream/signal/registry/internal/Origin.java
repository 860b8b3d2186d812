/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.registry.internal;

import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** Whose a service is, for the operator. */
final class Origin {
  private Origin() {}

  /** Its class and its bundle. */
  static String of(Object service) {
    Class<?> type = service.getClass();
    Bundle bundle = FrameworkUtil.getBundle(type);
    return bundle == null
        ? type.getName()
        : type.getName() + " of bundle " + bundle.getSymbolicName() + " " + bundle.getVersion();
  }
}
