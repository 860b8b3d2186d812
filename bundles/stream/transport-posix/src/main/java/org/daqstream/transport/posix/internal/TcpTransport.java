/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import org.daqstream.socket.support.Resolver;
import org.daqstream.socket.support.SocketTransport;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.transport.support.ParameterReader;

/** What the stream types on TCP have in common. */
abstract class TcpTransport extends SocketTransport {
  private final StreamType type;

  TcpTransport(StreamType type, Resolver resolver) {
    super(type.toString(), resolver);
    this.type = type;
  }

  @Override
  protected PosixParameters read(StreamDirection direction, ParameterReader reader) {
    return PosixParameters.read(type, direction, reader);
  }
}
