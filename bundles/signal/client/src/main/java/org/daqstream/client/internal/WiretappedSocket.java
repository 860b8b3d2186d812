/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.daqstream.client.WireListener;

/** A socket whose bytes somebody else sees, too, but for the token in the request. */
final class WiretappedSocket extends DeviceSocket {
  private static final Pattern SECRET =
      Pattern.compile("(?<=/token/)[^/?#\\s]+|(?<=\nAuthorization: Bearer )\\S+");

  private final DeviceSocket socket;
  private final WireListener wire;

  /** What is written first is the request, before anybody else may write. */
  private volatile boolean isRequested;

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
    wire.sent(isRequested ? bytes.asReadOnlyBuffer() : withoutSecrets(bytes));
    isRequested = true;
    socket.write(bytes);
  }

  private static ByteBuffer withoutSecrets(ByteBuffer request) {
    String text = StandardCharsets.US_ASCII.decode(request.duplicate()).toString();
    return StandardCharsets.US_ASCII.encode(SECRET.matcher(text).replaceAll("***"));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
