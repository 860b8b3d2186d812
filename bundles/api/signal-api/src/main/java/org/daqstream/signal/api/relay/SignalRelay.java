/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api.relay;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service of whoever publishes signals of other runtimes here, or sends signals of this one to
 * others: one for each of its connections. Operating tools ask it.
 */
@ConsumerType
public interface SignalRelay {
  /** {@return how it goes now; any thread may ask, and does not wait for the network} */
  RelayStatus status();
}
