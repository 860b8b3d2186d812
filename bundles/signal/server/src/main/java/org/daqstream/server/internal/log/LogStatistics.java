/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import org.daqstream.base.support.LimitedLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is counted of publishing: what it costs, and what the log does not take. Any thread. */
public final class LogStatistics {
  private static final Logger LOG = LoggerFactory.getLogger(LogStatistics.class);

  private final LimitedLog tooLarge = new LimitedLog(LOG::warn, 1);
  private final PublishCosts publishCosts = new PublishCosts();

  void blockTooLarge(String signalId, long bytes) {
    tooLarge.say(
        () ->
            "a block of "
                + bytes
                + " bytes of signal "
                + signalId
                + " is dropped: larger than the log takes (key ringBytes)");
  }

  public long tooLargeCount() {
    return tooLarge.count();
  }

  public PublishCosts publishCosts() {
    return publishCosts;
  }
}
