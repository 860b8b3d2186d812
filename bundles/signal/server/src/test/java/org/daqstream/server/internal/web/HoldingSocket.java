/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;

/** Keeps what is written behind the first record, to write it at once. */
final class HoldingSocket extends Socket {
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private boolean hasBegun;

  HoldingSocket(int port) throws IOException {
    super(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    OutputStream out = super.getOutputStream();
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        (hasBegun ? held : out).write(bytes, offset, length);
        hasBegun = true;
      }
    };
  }

  void release() throws IOException {
    held.writeTo(super.getOutputStream());
    held.reset();
  }
}
