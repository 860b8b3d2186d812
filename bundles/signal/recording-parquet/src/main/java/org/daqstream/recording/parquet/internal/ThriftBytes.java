/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.nio.ByteBuffer;
import shaded.parquet.org.apache.thrift.TConfiguration;
import shaded.parquet.org.apache.thrift.transport.TTransport;
import shaded.parquet.org.apache.thrift.transport.TTransportException;

/** Bytes in memory as Thrift wants them; its own streams would need a logging library. */
final class ThriftBytes extends TTransport {
  private final ByteBuffer in;
  private final Bytes out;

  /** For one of both. */
  ThriftBytes(ByteBuffer in, Bytes out) {
    this.in = in;
    this.out = out;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void open() {}

  @Override
  public void close() {}

  @Override
  public int read(byte[] target, int offset, int count) throws TTransportException {
    if (in.remaining() < count) {
      throw new TTransportException(TTransportException.END_OF_FILE, "cut off");
    }
    in.get(target, offset, count);
    return count;
  }

  @Override
  public void write(byte[] source, int offset, int count) {
    out.write(source, offset, count);
  }

  @Override
  public TConfiguration getConfiguration() {
    return TConfiguration.DEFAULT;
  }

  @Override
  public void updateKnownMessageSize(long size) {}

  @Override
  public void checkReadBytesAvailable(long count) throws TTransportException {
    if (in.remaining() < count) {
      throw new TTransportException(TTransportException.END_OF_FILE, "cut off");
    }
  }
}
