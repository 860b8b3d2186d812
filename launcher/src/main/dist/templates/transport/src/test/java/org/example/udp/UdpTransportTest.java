/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.udp;

import java.util.Map;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.testing.StreamTransportContract;

/** Runs what every transport must hold, with these parameters; add tests of your own. */
public class UdpTransportTest extends StreamTransportContract {
  public UdpTransportTest() {
    super(new UdpTransport(), Lack.PEERS, Lack.QUEUE);
  }

  @Override
  protected Map<String, Object> inputParameters(int port) {
    return Map.of("hostname", "127.0.0.1", "port", Integer.toString(port));
  }

  @Override
  protected Map<String, Object> outputParameters(int port) {
    return inputParameters(port);
  }

  @Override
  protected Map<String, Map<String, Object>> wrongParameters(StreamDirection direction) {
    return Map.of("hostname", Map.of("port", "5600"), "port", inputParameters(65_536));
  }

  @Override
  protected int longestMessageBytes() {
    return 65_507;
  }
}
