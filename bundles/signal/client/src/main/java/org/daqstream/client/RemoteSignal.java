/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.SampleReader;
import org.daqstream.signal.api.SignalDescriptor;

/** A signal of a device as the device describes it now. Immutable. */
public final class RemoteSignal {
  private final SignalDescriptor descriptor;
  private final SignalDescriptor domain;
  private final String tableId;
  private final TickTime time;
  private final SampleReader reader;

  /**
   * A signal that is described so.
   *
   * @param descriptor the signal
   * @param domain its domain signal; the signal itself for a domain; {@code null} while the device
   *     has not described one
   * @param tableId label that all signals of its table share
   * @param time the points in time of its domain's ticks; {@code null} when they are no times
   * @throws IllegalArgumentException when its samples cannot be read, naming signal and type
   */
  public RemoteSignal(
      SignalDescriptor descriptor, SignalDescriptor domain, String tableId, TickTime time) {
    this.descriptor = descriptor;
    this.domain = domain;
    this.tableId = tableId;
    this.time = time;
    try {
      reader = SampleReader.of(descriptor);
    } catch (ProtocolException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** {@return the signal} */
  public SignalDescriptor descriptor() {
    return descriptor;
  }

  /**
   * {@return its domain signal; the signal itself for a domain; {@code null} while the device has
   * not described one}
   */
  public SignalDescriptor domain() {
    return domain;
  }

  /** {@return the label that all signals of its table share} */
  public String tableId() {
    return tableId;
  }

  /** {@return the points in time of its domain's ticks; {@code null} when they are no times} */
  public TickTime time() {
    return time;
  }

  /** {@return the id of the signal on its device} */
  public String signalId() {
    return descriptor.signalId();
  }

  /** {@return whether it is a domain: the time, or another axis, of other signals} */
  public boolean isDomain() {
    return domain != null && domain.signalId().equals(signalId());
  }

  /** {@return the bytes of a sample; 0 for binary samples, of which each has its own size} */
  public int sampleBytes() {
    return reader.sampleBytes();
  }

  /**
   * {@return how many values {@link SampleBlock#values()} finds in a sample: one for each element
   * of its dimensions, two if that is complex; 0 for struct and binary}
   */
  public int valuesPerSample() {
    return reader.valuesPerSample();
  }

  SampleReader reader() {
    return reader;
  }

  @Override
  public String toString() {
    return "RemoteSignal[%s, %s]".formatted(signalId(), descriptor.dataType());
  }
}
