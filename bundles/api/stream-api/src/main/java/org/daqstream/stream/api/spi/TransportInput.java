/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.spi;

import org.daqstream.stream.api.StreamStatistics;
import org.osgi.annotation.versioning.ConsumerType;

/** An open input of a transport. */
@ConsumerType
public interface TransportInput {
  /**
   * {@return the TCP port listened on, -1 when there is none; readable as soon as the input is
   * open}
   */
  default int boundPort() {
    return -1;
  }

  /**
   * The module's queue has room again: read on. Called from any thread, does not block; harmless
   * when reading was not stopped. May come before the {@link InputSink#data} it answers has
   * returned.
   */
  void resume();

  /**
   * {@return counters since the opening, as they stand now; the register adds what its event queue
   * holds}
   */
  StreamStatistics statistics();

  /**
   * Closes the listener and all connections, each with FIN. Returns within a second; the address is
   * free for a new open then, and no data is handed over any more. The sink ignores what still
   * comes. Closing twice does nothing. An interrupt of the calling thread stays set.
   */
  void close();
}
