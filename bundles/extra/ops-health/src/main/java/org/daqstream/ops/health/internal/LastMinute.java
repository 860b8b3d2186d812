/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.health.internal;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.server.api.ServerEvent;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.server.api.ServerStatus;

/**
 * What happened in the last minute, from the counters that were seen at each look; it is exact to
 * the distance between two looks. Any thread.
 */
final class LastMinute {
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Map<ServerMonitor, Deque<Look>> looks = new HashMap<>();

  private record Look(long nanos, Map<ServerEvent, Long> events) {}

  /**
   * Events since about a minute ago.
   *
   * @param seconds how long ago that was really: more, when nobody looked in between
   */
  record Recent(long seconds, Map<ServerEvent, Long> events) {
    long count(ServerEvent event) {
      return events.get(event);
    }
  }

  /** Looks at what one of the servers that are there says now. */
  synchronized Recent look(
      List<ServerMonitor> servers,
      ServerMonitor server,
      ServerStatus status,
      long nanos,
      Instant time) {
    looks.keySet().retainAll(servers);
    Deque<Look> known = looks.computeIfAbsent(server, key -> new ArrayDeque<>());
    if (known.isEmpty()) {
      long ageMs = time.toEpochMilli() - status.startedAt().toEpochMilli();
      if (ageMs >= 0 && TimeUnit.MILLISECONDS.toNanos(ageMs) < MINUTE_NANOS) {
        known.add(new Look(nanos - TimeUnit.MILLISECONDS.toNanos(ageMs), Map.of()));
      }
    }
    known.add(new Look(nanos, status.events()));
    while (known.size() > 2 && nanos - second(known).nanos >= MINUTE_NANOS) {
      known.remove();
    }
    Look base = known.element();
    Map<ServerEvent, Long> recent = new EnumMap<>(ServerEvent.class);
    status
        .events()
        .forEach((event, count) -> recent.put(event, count - base.events.getOrDefault(event, 0L)));
    return new Recent(TimeUnit.NANOSECONDS.toSeconds(nanos - base.nanos), recent);
  }

  private static Look second(Deque<Look> looks) {
    return looks.stream().skip(1).findFirst().orElseThrow();
  }
}
