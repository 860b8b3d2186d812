/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.null_.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.daqstream.stream.api.CloseResult;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
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

  @Test
  public void asSinkItCountsAndForgets() throws StreamException {
    Map<String, Object> sink = Map.of("mode", "sink");
    TransportOutput output = transport.openOutput("i", definition(StreamDirection.OUT, sink), null);
    assertEquals(StreamResult.OK, output.offer(ByteBuffer.allocate(7)));
    assertEquals(StreamResult.OK, output.offer(ByteBuffer.allocate(0)));
    assertEquals(2, output.statistics().messages());
    assertEquals(7, output.statistics().bytes());
    assertEquals(new CloseResult(StreamResult.OK, 0, 0), output.close(0));
    assertEquals(StreamResult.ERROR, output.offer(ByteBuffer.allocate(1)));
  }

  @Test
  public void asSinkAnInputStaysSilent() throws StreamException {
    TransportInput input =
        transport.openInput("i", definition(StreamDirection.IN, Map.of("mode", "sink")), null);
    assertEquals(-1, input.boundPort());
    assertEquals(0, input.statistics().messages());
    input.close();
  }
}
