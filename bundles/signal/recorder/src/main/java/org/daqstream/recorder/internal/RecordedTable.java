/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;

/** A table of the runtime, of which some signals are recorded, or none. */
final class RecordedTable implements TableTap {
  private final RecordingLoop loop;
  private final TableFiles files;
  private volatile SignalDescriptor domain;

  RecordedTable(RecordingLoop loop, SignalDescriptor domain) {
    this.loop = loop;
    this.domain = domain;
    files = loop.filesOf(domain);
  }

  /** For the thread of the loop. */
  TableFiles files() {
    return files;
  }

  boolean isLinear() {
    return domain.rule() instanceof Rule.Linear;
  }

  /** Distance of neighbouring rows; 0 with an explicit domain. */
  long deltaTicks() {
    return domain.rule() instanceof Rule.Linear linear ? linear.deltaTicks() : 0;
  }

  @Override
  public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
    if (!value.isPublic() || !loop.wants(value.signalId())) {
      return SignalTap.IGNORING;
    }
    RecordedSignal signal = new RecordedSignal(this, loop, value, writer);
    loop.opened(signal);
    return signal;
  }

  @Override
  public void updateDomain(SignalDescriptor changed) {
    domain = changed;
    loop.described(files, changed);
  }

  @Override
  public void close() {
    loop.closed(files);
  }
}
