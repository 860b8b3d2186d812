/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api.sink;

import org.daqstream.signal.api.SignalDescriptor;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A whiteboard service that takes signals further. On arrival it is told of everything that is
 * published; the registry makes structural calls (all but {@link SignalTap#accept}) one after
 * another for all sinks. They must not block. A sink that throws is logged and passed over; others
 * get what is theirs.
 *
 * <p>It is told of signals that are not {@linkplain SignalDescriptor#isPublic() public}, too: a
 * sink that works for its own bundle or its operator may use them, one that serves clients leaves
 * them out. When a signal becomes public or ceases to be, it is closed and opened again.
 */
@ConsumerType
public interface SignalSink {
  /**
   * A table was opened.
   *
   * @param domain its domain signal
   * @return where its value signals are announced
   */
  TableTap openTable(SignalDescriptor domain);
}
