/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.net.InetAddress;
import org.daqstream.stream.api.spi.StreamTransport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Stream type {@code posix-framed}: messages on TCP. In front of each its length in bytes, 32 bits,
 * big-endian, unsigned; 0 is an empty message. Nothing else is sent, in either direction.
 */
@Component(
    service = StreamTransport.class,
    property = StreamTransport.STREAM_TYPE + "=posix-framed")
public final class PosixFramedTransport extends TcpTransport {
  /** Resolves names with the system's resolver. */
  @Activate
  public PosixFramedTransport() {
    super(StreamType.FRAMED, InetAddress::getAllByName);
  }

  @Deactivate
  @Override
  protected void deactivate() {
    super.deactivate();
  }
}
