/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.util.List;
import org.daqstream.client.RemoteSignal;
import org.daqstream.protocol.ApiVersion;
import org.daqstream.protocol.CommandRequest;
import org.daqstream.protocol.CommandResponse;
import org.daqstream.protocol.Init;

/** What a device says on a connection, told by the thread that reads it. */
interface SessionEvents {
  /** The device has told how to send commands; from now on it can be asked for signals. */
  void greeted(ApiVersion version, Init init);

  /** Signals are offered. */
  void available(List<String> signalIds);

  /** Signals are withdrawn. */
  void unavailable(List<String> signalIds);

  /** An in-band command is answered. */
  void answered(CommandResponse response);

  /** The device, as a client of ours, has a command. */
  void asked(CommandRequest request);

  /** A subscription stands. */
  void subscribed(String signalId);

  /** A subscription is over. */
  void unsubscribed(String signalId);

  /** A signal is described, for somebody or nobody. */
  void described(RemoteSignal signal);

  /** Who wants a signal's samples; {@code null} for nobody. */
  SampleTarget target(String signalId);

  /** Grows when the answers of {@link #target} may have changed. */
  int targetVersion();

  /** Something could not be read and was left out. */
  void problem(String what);
}
