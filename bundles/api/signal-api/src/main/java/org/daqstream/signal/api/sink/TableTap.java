/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api.sink;

import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.writer.SignalWriter;
import org.osgi.annotation.versioning.ConsumerType;

/** A sink's end of one table. */
@ConsumerType
public interface TableTap {
  /**
   * A value signal became available: it was opened, or its writer arrived.
   *
   * @param value its descriptor
   * @param writer encodes its samples; used by this tap alone. Every block that comes was checked:
   *     when the writer tells no {@code sampleBytes}, {@code encodedBytes} of it or of one of its
   *     samples is answered without asking the plug-in again
   * @return where its blocks go
   */
  SignalTap openSignal(SignalDescriptor value, SignalWriter writer);

  /**
   * The domain's description changed (same id, same kind of rule); called between two blocks of the
   * table.
   *
   * @param domain the new description
   */
  void updateDomain(SignalDescriptor domain);

  /** The table is gone; all its signal taps were closed before. */
  void close();
}
