/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.TableTap;

/** A recorder as the registry sees it. */
record RecorderSink(RecordingLoop loop) implements SignalSink {
  @Override
  public TableTap openTable(SignalDescriptor domain) {
    return new RecordedTable(loop, domain);
  }
}
