/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.base.support.LimitedLog;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.TableTap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's end at the signal registry: everything that is published goes into the shared log,
 * blocks on their publishers' threads and structural changes as {@link LogEvent events} in between.
 */
public final class LogPublisher implements SignalSink {
  private static final Logger LOG = LoggerFactory.getLogger(LogPublisher.class);

  private final SharedLog log;
  private final SignalNumbers numbers = new SignalNumbers(0);
  private final LogStatistics statistics;
  private final int payloadLimitBytes;
  private final Map<Integer, LogSignal> offered = new ConcurrentHashMap<>();
  private final ConfusableIds confusable = new ConfusableIds();
  private final LimitedLog confusion = new LimitedLog(LOG::warn, 10);
  private final AtomicInteger offeredIdBytes = new AtomicInteger();

  public LogPublisher(SharedLog log, LogStatistics statistics, int frameLimitBytes) {
    this.log = log;
    this.statistics = statistics;
    this.payloadLimitBytes = frameLimitBytes - PacketHeader.LONG_BYTES;
  }

  @Override
  public TableTap openTable(SignalDescriptor domain) {
    return new LogTable(this, domain, true);
  }

  /** A table of which no client is told unless it asks. */
  public LogTable openUnlisted(SignalDescriptor domain) {
    return new LogTable(this, domain, false);
  }

  public SharedLog log() {
    return log;
  }

  SignalNumbers numbers() {
    return numbers;
  }

  LogStatistics statistics() {
    return statistics;
  }

  /** The most payload bytes of one data packet, headers not counted. */
  int payloadLimitBytes() {
    return payloadLimitBytes;
  }

  /** The most payload bytes of one sample. */
  int sampleLimitBytes() {
    return log.entryLimitBytes() / 2;
  }

  /** The signals offered now, by signal number; for a reader that lost its place in the log. */
  public Map<Integer, LogSignal> offered() {
    return offered;
  }

  /** What the ids of all signals offered take in a command, with what stands between them. */
  public int offeredIdBytes() {
    return offeredIdBytes.get();
  }

  private static int idBytes(LogSignal signal) {
    return signal.signalId().getBytes(StandardCharsets.UTF_8).length + 6;
  }

  void commit(LogClaim claim, int signo, long row, long tick) {
    claim.chunk.describe(claim.index, signo, row, tick);
    log.commit(claim);
  }

  void offer(LogSignal signal, SignalVersion version) {
    version
        .refusals()
        .forEach(
            (profile, reason) ->
                LOG.info(
                    "signal {} is not offered to {} clients: {}",
                    version.descriptor.signalId(),
                    profile,
                    reason));
    String other = confusable.add(version.descriptor.signalId());
    if (other != null) {
      confusion.say(
          () ->
              ("clients of the openDAQ SDK may lose signal %s or %s: they tell signals apart by "
                      + "the end of their ids, with / and # alike")
                  .formatted(version.descriptor.signalId(), other));
    }
    if (offered.put(signal.signo, signal) == null) {
      offeredIdBytes.addAndGet(idBytes(signal));
    }
    log.append(new LogEvent.Available(signal, version));
  }

  void change(LogSignal signal, SignalVersion version, long row) {
    log.append(new LogEvent.Changed(signal, version, row));
  }

  void replay(LogSignal signal) {
    log.append(new LogEvent.Replayed(signal));
  }

  void withdraw(LogSignal signal) {
    hide(signal);
    numbers.giveBack(signal.signo);
  }

  /** Withdraws a signal that may be offered again under its number. */
  void hide(LogSignal signal) {
    if (offered.remove(signal.signo) != null) {
      offeredIdBytes.addAndGet(-idBytes(signal));
    }
    confusable.remove(signal.signalId());
    if (signal.table.isListed() || signal.isSubscribed()) { // else nobody knows of it
      log.append(new LogEvent.Unavailable(signal));
    }
  }
}
