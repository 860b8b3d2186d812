/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.net.InetAddress;
import org.daqstream.socket.support.Resolver;
import org.daqstream.stream.api.spi.StreamTransport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Stream type {@code posix}: raw TCP in one direction, payload and nothing else. Message borders
 * are not kept.
 */
@Component(service = StreamTransport.class, property = StreamTransport.STREAM_TYPE + "=posix")
public final class PosixTransport extends TcpTransport {
  /** Resolves names with the system's resolver. */
  @Activate
  public PosixTransport() {
    this(InetAddress::getAllByName);
  }

  PosixTransport(Resolver resolver) {
    super(StreamType.POSIX, resolver);
  }

  @Deactivate
  @Override
  protected void deactivate() {
    super.deactivate();
  }
}
