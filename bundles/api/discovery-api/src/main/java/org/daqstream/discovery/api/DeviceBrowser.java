/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.discovery.api;

import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Finds streaming devices on the local networks. A service; safe for any number of threads. */
@ProviderType
public interface DeviceBrowser {
  /**
   * Asks the networks and waits for the answers. Blocks for the whole duration.
   *
   * @param duration how long to wait; devices answer within half a second, those that have just
   *     answered somebody else after one more
   * @return what was found, sorted by instance; also devices of this runtime
   * @throws IllegalStateException when browsing is switched off by configuration or this service is
   *     gone; the message tells which
   * @throws InterruptedException when the waiting thread was interrupted
   */
  List<Device> browse(Duration duration) throws InterruptedException;
}
