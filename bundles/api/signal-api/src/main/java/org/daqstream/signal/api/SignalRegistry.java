/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where sources publish their signals: a service that any bundle can use. Two lines make a signal:
 *
 * <pre>{@code
 * SignalPort port = registry.open(SignalDescriptor.linearTime("t", 1_000_000), SignalDescriptor.value("v", DataTypes.REAL64).build());
 * port.write(tick, samples, 0, samples.length);
 * }</pre>
 *
 * <p>All methods may be called from any thread and do not block on clients. A signal whose data
 * type has no writer yet is kept, and offered when its writer arrives.
 */
@ProviderType
public interface SignalRegistry {
  /**
   * Opens a table for signals that share a domain.
   *
   * @param domain descriptor of the domain signal, with a linear or an explicit rule
   * @return the table, to be closed by the caller
   * @throws IllegalArgumentException when the id is taken or the rule does not fit a domain, naming
   *     the id
   */
  SignalTable openTable(SignalDescriptor domain);

  /**
   * Opens a single signal with a domain of its own. Closing the port withdraws both.
   *
   * @param domain descriptor of its domain signal
   * @param value descriptor of the signal
   * @return the port, to be closed by the caller
   * @throws IllegalArgumentException when an id is taken, naming it
   */
  SignalPort open(SignalDescriptor domain, SignalDescriptor value);

  /**
   * {@return a snapshot of all published signals, also those that are not available and why: tables
   * in the order of opening, each domain before its values}
   */
  List<SignalState> signals();
}
