/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.daqstream.client.RemoteSignal;
import org.daqstream.protocol.RowTime;
import org.daqstream.protocol.SampleReader;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.signal.api.Rule;

/** What is known of a signal on one connection. By the thread that reads it. */
final class SessionSignal {
  final String signalId;
  final int signo;

  /** Everything that its {@code signal} messages said, merged; {@code null} before the first. */
  ObjectNode document;

  /** How large that is, at most. */
  long documentBytes;

  SignalDocument.Parsed parsed;
  SampleReader reader;

  /** Nothing has come since the subscription was acknowledged. */
  boolean isNew = true;

  /** Whether the packet that is taken may be one that is kept: it comes again, and goes alone. */
  boolean mayBeKept;

  /** Row of the next sample. */
  long nextRow;

  /** As a linear domain: where rows lie. */
  RowTime rowTime;

  /** As an explicit domain: the stamps that came last, and the row of their first one. */
  long[] stamps;

  long stampsRow;

  /** As a value: its domain, its description with that, and who wants its samples. */
  SessionSignal domain;

  RemoteSignal remote;
  SampleTarget target;

  /** Whether {@link #domain} and {@link #remote} are what the descriptions say now. */
  boolean isLinked;

  /** What {@link #target} was looked up for. */
  int targetVersion = -1;

  /** The description by which {@link SessionSignals} finds it. */
  SignalDocument.Parsed indexed;

  SessionSignal(String signalId, int signo) {
    this.signalId = signalId;
    this.signo = signo;
  }

  boolean isDescribed() {
    return parsed != null;
  }

  boolean isDomain() {
    return parsed != null && parsed.isDomain();
  }

  boolean isLinearDomain() {
    return rowTime != null;
  }

  Rule rule() {
    return parsed.descriptor().rule();
  }
}
