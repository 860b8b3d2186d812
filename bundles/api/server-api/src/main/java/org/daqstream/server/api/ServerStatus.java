/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.api;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A server at a moment.
 *
 * @param startedAt when its ports opened
 * @param clients clients connected now
 * @param ringBytes most bytes that a client may be behind
 * @param lagPercent how full the log is with what the slowest client has not got yet, 0 to 100
 * @param sentBytes bytes taken by the sockets of all clients since the start, those gone included
 * @param deliveredPackets data packets in them
 * @param events how often each event occurred since the start; every event has an entry
 * @param publishCosts how long publishers were held up, sampled; in ascending order
 * @param publishNanos nanoseconds that the sampled blocks took all together
 */
public record ServerStatus(
    Instant startedAt,
    int clients,
    int ringBytes,
    int lagPercent,
    long sentBytes,
    long deliveredPackets,
    Map<ServerEvent, Long> events,
    List<PublishCost> publishCosts,
    long publishNanos) {
  /** Copies the collections. */
  public ServerStatus {
    Map<ServerEvent, Long> complete = new EnumMap<>(ServerEvent.class);
    for (ServerEvent event : ServerEvent.values()) {
      complete.put(event, events.getOrDefault(event, 0L));
    }
    events = Map.copyOf(complete);
    publishCosts = List.copyOf(publishCosts);
  }

  /**
   * A step of the histogram of the time that a publisher spent in appending one block.
   *
   * @param limitNanos blocks counted here took less than this, and not less than the step below
   * @param count blocks, of those that were timed (one of {@value #SAMPLED_OF})
   */
  public record PublishCost(long limitNanos, long count) {
    /** One block of so many is timed. */
    public static final int SAMPLED_OF = 64;
  }
}
