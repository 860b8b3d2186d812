/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.null_.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import java.util.Map;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.junit.Test;

public class NullTransportTest {

  private final NullTransport transport = new NullTransport();

  private static StreamDefinition definition(
      StreamDirection direction, Map<String, Object> parameters) {
    return new StreamDefinition("s", "null", direction, parameters);
  }

  @Test
  public void openIsNotSupportedInEitherDirection() { // case 13
    StreamException in =
        assertThrows(
            StreamException.class,
            () -> transport.openInput("i", definition(StreamDirection.IN, Map.of()), null));
    StreamException out =
        assertThrows(
            StreamException.class,
            () -> transport.openOutput("i", definition(StreamDirection.OUT, Map.of()), null));
    assertEquals(12, in.result().number());
    assertEquals(12, out.result().number());
  }

  @Test
  public void anyParametersAreAcceptedExceptAnUnknownMode() { // §5
    assertEquals(List.of(), transport.validate(StreamDirection.IN, Map.of()));
    assertEquals(List.of(), transport.validate(StreamDirection.OUT, Map.of("port", 1L)));
    assertEquals(List.of(), transport.validate(StreamDirection.OUT, Map.of("mode", "sink")));
    assertEquals("mode", transport.validate(StreamDirection.OUT, Map.of("mode", "x")).get(0).key());
  }
}
