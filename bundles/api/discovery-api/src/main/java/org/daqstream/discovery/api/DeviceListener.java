/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service that wants to know which devices are there. As long as one is registered the networks
 * are watched. Called from one thread at a time; a listener that blocks delays the other listeners
 * only, and one that throws is logged and stays.
 */
@ConsumerType
public interface DeviceListener {
  /**
   * A device came, or tells something else than before.
   *
   * @param device as it is now; replaces the one with the same {@link Device#instance()}
   */
  void found(Device device);

  /**
   * A device said good-bye or was not heard of in time, or browsing was switched off.
   *
   * @param device as it was told last
   */
  void lost(Device device);
}
