/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.api;

import java.util.List;
import java.util.Map;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * What is in one file: the signals of one table, which do not change within it.
 *
 * @param domain the table's domain signal
 * @param signals its value signals; column {@code i} of the rows is of signal {@code i}
 * @param facts free facts: who recorded it, from where, which part it is and why
 */
public record RecordingPart(
    SignalDescriptor domain, List<SignalDescriptor> signals, Map<String, String> facts) {
  /** Copies the collections. */
  public RecordingPart {
    signals = List.copyOf(signals);
    facts = Map.copyOf(facts);
  }
}
