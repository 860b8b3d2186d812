/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.daqstream.client.WireListener;

/** A socket whose bytes somebody else sees, too. */
final class WiretappedSocket extends DeviceSocket {
  private final DeviceSocket socket;
  private final WireListener wire;

  WiretappedSocket(DeviceSocket socket, WireListener wire) {
    this.socket = socket;
    this.wire = wire;
    wire.opened();
  }

  @Override
  ByteBuffer newBuffer(int bytes) {
    return socket.newBuffer(bytes);
  }

  @Override
  int read(ByteBuffer buffer) throws IOException {
    int start = buffer.position();
    int count = socket.read(buffer);
    if (count > 0) {
      wire.received(buffer.slice(start, count).asReadOnlyBuffer());
    }
    return count;
  }

  @Override
  void write(ByteBuffer bytes) throws IOException {
    wire.sent(bytes.asReadOnlyBuffer());
    socket.write(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
