/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.daqstream.nats.bridge.internal.ImportStatus.SignalStatus;
import org.daqstream.sample.support.DomainValue;
import org.daqstream.signal.api.SignalDescriptor;

/** What has come of a signal, or of all that there have been. Under the lock of the import. */
final class TakenTraffic {
  private final TakenTraffic total;
  long messages;
  long messageBytes;
  long blocks;
  long samples;
  long bytes;
  long holes;
  long holeRows;
  long filledRows;
  long duplicates;
  private long lastNanos;
  private long lastTick;
  private SignalDescriptor lastDomain; // null until a block was taken

  /** Of all signals. */
  TakenTraffic() {
    total = null;
  }

  /** Of one signal, counted among all as well. */
  TakenTraffic(TakenTraffic total) {
    this.total = total;
  }

  /** A message came. */
  void came(int lengthBytes) {
    messages++;
    messageBytes += lengthBytes;
    if (total != null) {
      total.came(lengthBytes);
    }
  }

  /** A block was taken, but for some of its first samples. */
  void taken(SignalAnnouncement announced, HeldBlock held, int from, long nowNanos) {
    BlockMessage.Block block = held.block();
    int count = block.count() - from;
    blocks++;
    samples += count;
    bytes += (long) block.samples().remaining() * count / block.count();
    filledRows += held.isLive() ? 0 : count;
    if (total != null) {
      total.taken(announced, held, from, nowNanos);
    }
    int last = block.count() - 1;
    lastTick =
        block.ticks() == null
            ? block.tick() + last * NatsTable.deltaTicks(announced.domain())
            : block.ticks()[last];
    lastDomain = announced.domain();
    lastNanos = nowNanos;
  }

  ImportStatus.Total sum() {
    return new ImportStatus.Total(messages, blocks, samples, messageBytes, filledRows);
  }

  long ageMs(long nowNanos) {
    return lastDomain == null ? -1 : Duration.ofNanos(nowNanos - lastNanos).toMillis();
  }

  /** How far the last sample is behind a clock, see {@link SignalStatus#behindMs}. */
  long behindMs(Instant now) {
    if (lastDomain == null) {
      return SignalStatus.NOT_A_TIME;
    }
    try {
      Instant last = Instant.parse(new DomainValue(lastDomain).text(lastTick));
      return Duration.between(last, now).toMillis();
    } catch (DateTimeException | ArithmeticException e) {
      return SignalStatus.NOT_A_TIME;
    }
  }
}
