/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import java.util.List;
import java.util.Map;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.transport.support.ParameterReader;
import org.junit.Test;

public class PosixParametersTest {

  private final PosixTransport transport = new PosixTransport();

  private List<ParameterProblem> problems(Map<String, Object> parameters) {
    return transport.validate(StreamDirection.IN, parameters);
  }

  private void assertRefused(String key, Object value) {
    Map<String, Object> parameters = Posix.parameters("127.0.0.1", 5555);
    parameters.put(key, value);
    List<ParameterProblem> problems = problems(parameters);
    assertEquals(key + "=" + value, 1, problems.size());
    assertEquals(key, problems.get(0).key());
    assertEquals(value, problems.get(0).value());
    assertEquals(true, problems.get(0).fatal());
  }

  @Test
  public void noParametersAtAllAreRefused() { // case 32
    assertEquals(
        List.of("type", "domain", "hostname", "port"),
        problems(Map.of()).stream().map(ParameterProblem::key).toList());
  }

  @Test
  public void eachMissingKeyIsNamed() { // case 33
    for (String key : List.of("type", "domain", "hostname", "port")) {
      Map<String, Object> parameters = Posix.parameters("127.0.0.1", 5555);
      parameters.remove(key);
      List<ParameterProblem> problems = problems(parameters);
      assertEquals(1, problems.size());
      assertEquals(key, problems.get(0).key());
    }
  }

  @Test
  public void wrongTypeOrDomainIsRefused() { // case 34
    assertRefused("type", "udp");
    assertRefused("domain", "ipv4");
  }

  @Test
  public void portAsNumberIsAcceptedWithAWarning() { // case 35
    Map<String, Object> parameters = Posix.parameters("127.0.0.1", 0);
    parameters.put("port", 5555L);
    assertFalse(problems(parameters).get(0).fatal());
    assertEquals(
        5555,
        PosixParameters.read(StreamType.POSIX, StreamDirection.IN, new ParameterReader(parameters))
            .port());
  }

  @Test
  public void portsOutOfRangeOrWithRubbishAreRefused() { // cases 36, 37
    for (String port : List.of("65536", "-1", "5555a", "80 ", "0x15B3", "", "+5555", " 5555")) {
      assertRefused("port", port);
    }
    assertEquals(List.of(), problems(Posix.parameters("127.0.0.1", 0)));
    assertEquals(List.of(), problems(Posix.parameters("127.0.0.1", 65535)));
  }

  @Test
  public void anOutputCannotDialPortZero() {
    assertEquals(
        "port",
        transport.validate(StreamDirection.OUT, Posix.parameters("127.0.0.1", 0)).get(0).key());
  }

  @Test
  public void unknownKeysAreIgnored() { // case 38
    assertEquals(List.of(), problems(Posix.parameters("h", 1, "colour", "blue")));
  }

  @Test
  public void withoutOptionsItIsAsInC() { // cases 46, 47
    PosixParameters defaults =
        PosixParameters.read(
            StreamType.POSIX, StreamDirection.OUT, new ParameterReader(Posix.parameters("h", 1)));
    assertEquals("C tries again after a second", 1000, defaults.sockets().backoffMaxMs());
    assertEquals(1001, defaults.sockets().queueMessages());
  }

  @Test
  public void optionsHaveBounds() {
    assertEquals(
        "queueMessages", problems(Posix.parameters("h", 1, "queueMessages", 0L)).get(0).key());
    assertEquals(
        7,
        PosixParameters.read(
                StreamType.POSIX,
                StreamDirection.OUT,
                new ParameterReader(Posix.parameters("h", 1, "queueMessages", "7")))
            .sockets()
            .queueMessages());
  }
}
