/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

import org.daqstream.server.internal.derive.Contract;
import org.daqstream.server.internal.log.LogSignal;
import org.daqstream.server.internal.log.SignalVersion;

/** One client's subscription to one signal; belongs to the fan-out thread. */
final class Subscription {
  static final long NONE = -1;

  final LogSignal signal;

  /** The numbers that the signal and its domain have for the client. */
  final int number;

  final int domainNumber;

  /** The description that the client knows. */
  SignalVersion version;

  /** The client asked for the signal itself. */
  boolean explicit;

  /** How the client wants it. */
  Contract.Kind contract = Contract.Kind.SERVER;

  /** How many of the client's value signals need this domain signal. */
  int dependants;

  /** Row that the client expects next, as told by {@code valueIndex} or counted. */
  long expectedRow;

  /** Whether the client got anything of the signal. */
  boolean started;

  /** Whether the client knows where the signal's rows lie: its first block passed. */
  boolean synced;

  /** Row of the sample that was replayed when the client subscribed; its block may still come. */
  long replayedRow = -1;

  /** What the client has lost and not been told of; {@code null} if there is nothing. */
  Hole hole;

  /**
   * Whether the client is to get the sample that the signal keeps, because it may have missed it.
   */
  boolean owesLast;

  /** Of a domain signal: whether any signal of the table, or this one, is synced. */
  boolean tableSynced;

  /** Of a domain signal: the first line that the client was told. */
  long lineRow;

  long lineTick;

  /**
   * Where samples begin that a client has lost, by row and tick of the first; the reason is for
   * people.
   */
  record Hole(long row, long tick, String reason) {}

  Subscription(LogSignal signal, SignalVersion version, int number, int domainNumber) {
    this.signal = signal;
    this.version = version;
    this.number = number;
    this.domainNumber = domainNumber;
  }

  /** Whether there is a hole before a row; of the newest samples an old one is no loss. */
  boolean lacksSamplesBefore(long row) {
    return hole != null && row > hole.row() && contract != Contract.Kind.LATEST;
  }

  /** Whether data can be sent with the numbers that they have in the log. */
  boolean hasNumbersOfLog() {
    return number == signal.signo && domainNumber == signal.table.domain.signo;
  }

  boolean isNeeded() {
    return explicit || dependants > 0;
  }
}
