/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.util.Map;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.spi.StreamTransport;
import org.daqstream.testing.StreamTransportContract;

public class PosixContractTest extends StreamTransportContract {
  static final int QUEUE_BYTES = 1 << 20;

  public PosixContractTest() {
    this(new PosixTransport(), Lack.BORDERS);
  }

  PosixContractTest(StreamTransport transport, Lack... lacks) {
    super(transport, lacks);
  }

  @Override
  protected Map<String, Object> inputParameters(int port) {
    return Posix.parameters("127.0.0.1", port);
  }

  @Override
  protected Map<String, Object> outputParameters(int port) {
    return Posix.parameters("127.0.0.1", port, "queueBytes", (long) QUEUE_BYTES);
  }

  @Override
  protected Map<String, Map<String, Object>> wrongParameters(StreamDirection direction) {
    return Map.of(
        "port", Posix.parameters("127.0.0.1", 65536),
        "queueBytes", Posix.parameters("127.0.0.1", 1, "queueBytes", 0L));
  }

  @Override
  protected int longestMessageBytes() {
    return QUEUE_BYTES;
  }
}
