/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.util.Map;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.testing.StreamTransportContract;

public class NngContractTest extends StreamTransportContract {
  private static final int QUEUE_BYTES = 1 << 20;

  public NngContractTest() {
    super(new NngTransport());
  }

  /** Where the input is. */
  String url(int port) {
    return Nng.url(port);
  }

  @Override
  protected Map<String, Object> inputParameters(int port) {
    return Nng.listen(url(port));
  }

  @Override
  protected Map<String, Object> outputParameters(int port) {
    return Nng.dial(url(port), "lazy", true, "queueBytes", (long) QUEUE_BYTES);
  }

  @Override
  protected Map<String, Map<String, Object>> wrongParameters(StreamDirection direction) {
    boolean in = direction == StreamDirection.IN;
    return Map.of(
        "mode", in ? Nng.dial(url(1)) : Nng.listen(url(1)),
        "queueBytes",
            in ? Nng.listen(url(1), "queueBytes", 0L) : Nng.dial(url(1), "queueBytes", 0L));
  }

  @Override
  protected int longestMessageBytes() {
    return QUEUE_BYTES;
  }
}
