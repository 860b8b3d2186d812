/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import org.daqstream.protocol.SampleReader;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * A signal of a device as the device describes it now. Immutable.
 *
 * @param descriptor the signal
 * @param domain its domain signal; the signal itself for a domain; {@code null} while the device
 *     has not described one
 * @param tableId label that all signals of its table share
 * @param reader reads its samples
 * @param time the points in time of its domain's ticks; {@code null} when they are no times
 */
public record RemoteSignal(
    SignalDescriptor descriptor,
    SignalDescriptor domain,
    String tableId,
    SampleReader reader,
    TickTime time) {

  /** {@return the id of the signal on its device} */
  public String signalId() {
    return descriptor.signalId();
  }

  /** {@return whether it is a domain: the time, or another axis, of other signals} */
  public boolean isDomain() {
    return domain != null && domain.signalId().equals(signalId());
  }
}
