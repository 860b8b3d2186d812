/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.util.Map;
import org.daqstream.stream.api.StreamDirection;

/** The same with messages that keep their borders, four bytes in front of each. */
public class PosixFramedContractTest extends PosixContractTest {
  private static final int LONGEST_MESSAGE = 100_000;

  public PosixFramedContractTest() {
    super(new PosixFramedTransport());
  }

  @Override
  protected Map<String, Object> outputParameters(int port) {
    Map<String, Object> parameters = super.outputParameters(port);
    parameters.put("maxMessageBytes", (long) LONGEST_MESSAGE);
    return parameters;
  }

  @Override
  protected Map<String, Map<String, Object>> wrongParameters(StreamDirection direction) {
    return Map.of(
        "maxMessageBytes", Posix.parameters("127.0.0.1", 1, "maxMessageBytes", 0x8000_0000L));
  }

  @Override
  protected int longestMessageBytes() {
    return LONGEST_MESSAGE;
  }
}
