/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happened so far, counted; and said in the log once for each kind, then at most every minute
 * with the number that was left out, so that no peer can fill a disk. Any thread.
 */
final class ServerStatistics {
  private static final Logger LOG = LoggerFactory.getLogger("org.daqstream.server");

  private final LongAdder connected = new LongAdder();
  private final LongAdder disconnected = new LongAdder();
  private final RateLimitedLog tooSlow = new RateLimitedLog(LOG::warn);
  private final RateLimitedLog tooLarge = new RateLimitedLog(LOG::warn);
  private final RateLimitedLog refused = new RateLimitedLog(LOG::warn);
  private final RateLimitedLog malformed = new RateLimitedLog(LOG::info);
  private final RateLimitedLog unmasked = new RateLimitedLog(LOG::info);

  void connected(Object address, String userAgent, Object profile, String streamId) {
    connected.increment();
    LOG.info(
        "client {} connected: {}, profile {}, stream {}", address, userAgent, profile, streamId);
  }

  void disconnected(Object address, String streamId, String why) {
    disconnected.increment();
    LOG.info("client {} disconnected: {}, stream {}", address, why, streamId);
  }

  void tooSlow(Client client) {
    tooSlow.say(
        () ->
            "client "
                + client.address()
                + " reads too slowly and is disconnected; it got "
                + client.output().sentBytes()
                + " bytes, stream "
                + client.streamId());
  }

  void blockTooLarge(String signalId, long bytes) {
    tooLarge.say(
        () ->
            "a block of "
                + bytes
                + " bytes of signal "
                + signalId
                + " is dropped: larger than the log takes (key ringBytes)");
  }

  void refused(Object address, String why) {
    refused.say(() -> "connection from " + address + " refused: " + why);
  }

  void malformed(Object address, String what) {
    malformed.say(() -> "client " + address + " sent what is ignored: " + what);
  }

  void unmasked(Object address) {
    unmasked.say(() -> "client " + address + " sends unmasked frames; they are accepted");
  }

  long connectedCount() {
    return connected.sum();
  }

  long disconnectedCount() {
    return disconnected.sum();
  }

  long tooSlowCount() {
    return tooSlow.count();
  }

  long tooLargeCount() {
    return tooLarge.count();
  }

  long refusedCount() {
    return refused.count();
  }

  long malformedCount() {
    return malformed.count();
  }
}
