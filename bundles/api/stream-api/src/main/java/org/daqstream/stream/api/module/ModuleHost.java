/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.module;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Who runs module instances that are no bundles, or is asked by them for streams: a service. */
@ConsumerType
public interface ModuleHost {
  /** {@return its instances as they stand now, by name; a copy} Any thread may call. */
  List<ModuleStatus> modules();

  /** {@return what went to and from those that are connected; a copy} Any thread may call. */
  default List<ModuleTraffic> traffic() {
    return List.of();
  }

  /** {@return how many it has turned away; why is in the log} Any thread may call. */
  default long refused() {
    return 0;
  }

  /**
   * Asks an instance to end once it has processed its events. Any thread may call.
   *
   * @param instance name, as in the manifest
   * @return whether it could be asked
   */
  default boolean requestStop(String instance) {
    return false;
  }
}
