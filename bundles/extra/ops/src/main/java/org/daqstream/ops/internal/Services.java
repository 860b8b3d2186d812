/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.ops.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.server.api.ServerMonitor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.stream.api.StreamRegister;

/** Who is asked and who is told; services come and go on any thread. */
final class Services {
  final List<ServerMonitor> servers = new CopyOnWriteArrayList<>();
  final List<SignalRegistry> signals = new CopyOnWriteArrayList<>();
  final List<StreamRegister> streams = new CopyOnWriteArrayList<>();
}
