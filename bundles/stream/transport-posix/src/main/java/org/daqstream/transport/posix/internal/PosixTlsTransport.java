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
 * Stream type {@code posix-tls}: the bytes of {@code posix} inside TLS 1.2 or 1.3, with keys and
 * trust from PEM files. Message borders are not kept.
 */
@Component(service = StreamTransport.class, property = StreamTransport.STREAM_TYPE + "=posix-tls")
public final class PosixTlsTransport extends TcpTransport {
  /** Resolves names with the system's resolver. */
  @Activate
  public PosixTlsTransport() {
    super(StreamType.TLS, InetAddress::getAllByName);
  }

  @Deactivate
  @Override
  protected void deactivate() {
    super.deactivate();
  }
}
