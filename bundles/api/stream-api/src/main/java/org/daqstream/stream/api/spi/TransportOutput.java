/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api.spi;

import java.nio.ByteBuffer;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.StreamStatistics;
import org.osgi.annotation.versioning.ConsumerType;

/** An open output of a transport. */
@ConsumerType
public interface TransportOutput {
  /**
   * Queues one message. Called from any thread; does not block, copies the bytes and leaves the
   * buffer's position alone.
   *
   * @param message the bytes between position and limit
   * @return OK, ERROR when the queue is full or the output closed, TOOBIG when the message could
   *     never be queued, NOMEM
   */
  StreamResult offer(ByteBuffer message);

  /** {@return counters since the opening, as they stand now} */
  StreamStatistics statistics();

  /**
   * Refuses further messages, sends what is queued until the deadline, then closes the connection
   * with FIN. Blocks until then, not longer. Closing twice gives the first result or reports no
   * further loss.
   *
   * @param flushTimeoutMs how long to go on sending; 0 gives up what is queued
   * @return what was lost; TIMEDOUT when there was something left at the deadline
   */
  CloseResult close(long flushTimeoutMs);
}
