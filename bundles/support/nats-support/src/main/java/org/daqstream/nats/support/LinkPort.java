/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.support;

import io.nats.client.Options;
import io.nats.client.impl.SocketDataPortWithWriteTimeout;
import java.io.IOException;

/**
 * The socket of a connection, which tells when it ends while jnats connects: between its greeting
 * and the first answer jnats looks at the clock alone. Public because jnats makes it by its name.
 */
public final class LinkPort extends SocketDataPortWithWriteTimeout {
  private LinkEvents events;

  /** Not connected. */
  public LinkPort() {}

  @Override
  public void afterConstruct(Options options) {
    super.afterConstruct(options);
    events = (LinkEvents) options.getErrorListener();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count;
    try {
      count = super.read(target, offset, length);
    } catch (IOException e) {
      events.brokenOff(e);
      throw e;
    }
    if (count < 0) {
      events.brokenOff(new IOException(LinkEvents.ENDED));
    }
    return count;
  }
}
