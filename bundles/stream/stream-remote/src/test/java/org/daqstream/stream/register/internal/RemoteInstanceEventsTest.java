/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.remote.internal.RemoteBench;

/** What {@link InstanceEventsTest} says, of a client that is connected by a socket. */
public class RemoteInstanceEventsTest extends InstanceEventsTest {
  private final RemoteBench remote = new RemoteBench(bench.register);

  @Override
  protected StreamClient client(String instance) throws Exception {
    return remote.connect(instance);
  }

  @Override
  protected void closeClients() {
    remote.close();
  }

  @Override
  protected long eventMs() {
    return 10_000;
  }

  @Override
  protected long quietMs() {
    return 50;
  }
}
