/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.util.List;
import java.util.Map;
import org.daqstream.socket.support.Resolver;
import org.daqstream.socket.support.SocketTransport;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.spi.ParameterProblem;

/** What the stream types on TCP have in common. */
abstract class TcpTransport extends SocketTransport {

  private final StreamType type;

  TcpTransport(StreamType type, Resolver resolver) {
    super(type.toString(), resolver);
    this.type = type;
  }

  @Override
  public List<ParameterProblem> validate(
      StreamDirection direction, Map<String, Object> parameters) {
    return PosixParameters.validate(type, direction, parameters);
  }

  @Override
  protected PosixParameters stream(StreamDirection direction, Map<String, Object> parameters) {
    return PosixParameters.of(type, direction, parameters);
  }
}
