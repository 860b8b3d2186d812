/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.null_.internal;

import java.util.Map;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.testing.StreamTransportContract;

/** As a sink, which is all that can be opened. */
public class NullContractTest extends StreamTransportContract {
  public NullContractTest() {
    super(new NullTransport(), Lack.BORDERS, Lack.PEERS, Lack.QUEUE, Lack.DELIVERY);
  }

  @Override
  protected Map<String, Object> inputParameters(int port) {
    return Map.of("mode", "sink");
  }

  @Override
  protected Map<String, Object> outputParameters(int port) {
    return inputParameters(port);
  }

  @Override
  protected Map<String, Map<String, Object>> wrongParameters(StreamDirection direction) {
    return Map.of("mode", Map.of("mode", "x"));
  }

  @Override
  protected int longestMessageBytes() {
    return Integer.MAX_VALUE;
  }
}
