/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.Map;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.testing.RecordingSink;
import org.daqstream.transport.support.ParameterReader;
import org.junit.Test;

public class NngParametersTest {

  private static final String URL = "tcp://127.0.0.1:5555";

  private final NngTransport transport = new NngTransport();

  private void assertRefused(
      StreamDirection direction, Map<String, Object> parameters, String... keys) {
    List<ParameterProblem> problems = transport.validate(direction, parameters);
    assertEquals(List.of(keys), problems.stream().map(ParameterProblem::key).toList());
    assertTrue(problems.stream().allMatch(ParameterProblem::fatal));
  }

  private void assertAccepted(StreamDirection direction, Map<String, Object> parameters) {
    assertEquals(List.of(), transport.validate(direction, parameters));
  }

  @Test
  public void onlyDialPushOutAndListenPullInAreAccepted() { // cases 39, 40
    assertAccepted(StreamDirection.OUT, Nng.dial(URL));
    assertAccepted(StreamDirection.IN, Nng.listen(URL));
    assertRefused(StreamDirection.OUT, Nng.listen(URL), "mode", "protocol");
    assertRefused(StreamDirection.IN, Nng.dial(URL), "mode", "protocol");
    assertRefused(StreamDirection.OUT, Nng.dial(URL, "mode", "listen"), "mode");
    assertRefused(StreamDirection.IN, Nng.listen(URL, "mode", "dial"), "mode");
    assertRefused(StreamDirection.OUT, Nng.dial(URL, "protocol", "pull"), "protocol");
    assertRefused(StreamDirection.IN, Nng.listen(URL, "protocol", "push"), "protocol");
  }

  @Test
  public void unknownAndMissingWordsAreRefused() { // cases 39, 40
    assertRefused(StreamDirection.OUT, Nng.dial(URL, "mode", "Dial"), "mode");
    assertRefused(StreamDirection.OUT, Nng.dial(URL, "protocol", "pair"), "protocol");
    assertRefused(StreamDirection.IN, Map.of(), "mode", "protocol", "connection_string");
    assertRefused(
        StreamDirection.IN, Nng.listen(URL, "connection_string", 5L), "connection_string");
    assertRefused(
        StreamDirection.IN,
        Map.of("mode", "listen", "protocol", "pull", "connection", URL),
        "connection_string");
  }

  @Test
  public void refusalSaysWhatWouldBeRight() {
    ParameterProblem problem =
        transport.validate(StreamDirection.OUT, Nng.dial(URL, "mode", "listen")).get(0);
    assertEquals("listen", problem.value());
    assertEquals("must be dial for direction out", problem.message());
  }

  @Test
  public void theUrlIsLookedAtWhenTheStreamIsOpened() {
    for (String url : List.of("", "what?", "tcp://127.0.0.1", "xyz://127.0.0.1:1")) {
      assertAccepted(StreamDirection.OUT, Nng.dial(url));
      assertAccepted(StreamDirection.IN, Nng.listen(url));
      assertEquals(StreamResult.ERROR, openingIn(url).result());
      assertEquals(StreamResult.ERROR, openingOut(url).result());
    }
  }

  private StreamException openingIn(String url) {
    return assertThrows(
        url,
        StreamException.class,
        () -> transport.openInput("i", Nng.in(Nng.listen(url)), new RecordingSink()));
  }

  private StreamException openingOut(String url) {
    return assertThrows(
        url,
        StreamException.class,
        () -> transport.openOutput("i", Nng.out(Nng.dial(url)), new RecordingSink()));
  }

  @Test
  public void otherTransportsOfNngAreNamedAsUnsupported() {
    for (String url : List.of("ws://127.0.0.1:1/x", "wss://h:1", "inproc://a")) {
      StreamException refusal = openingIn(url);
      assertEquals(StreamResult.NOTSUP, refusal.result());
      assertTrue(refusal.getMessage(), refusal.getMessage().contains("'" + url + "'"));
      assertTrue(refusal.getMessage(), refusal.getMessage().contains("not supported"));
      assertEquals(StreamResult.NOTSUP, openingOut(url).result());
    }
  }

  @Test
  public void urlsThatCannotBeDialled() {
    for (String url :
        List.of(
            "tcp://127.0.0.1:0",
            "tcp://*:5",
            "tcp://:5",
            "tcp://h:65536",
            "tcp://h:1/x",
            "tcp6://::1:5",
            "ipc://",
            "tcp://127.0.0.1:1,ipc:///tmp/x")) {
      assertEquals(StreamResult.ERROR, openingOut(url).result());
    }
  }

  @Test
  public void severalUrlsMayBeDialled() throws StreamException {
    assertEquals(
        List.of("tcp://a:1", "tcp6://[::1]:2"),
        SpAddress.dialled("tcp://a:1,tcp6://[::1]:2").stream().map(SpAddress::url).toList());
    assertEquals("/a,b", SpAddress.dialled("ipc:///a,b").get(0).host());
  }

  @Test
  public void unknownKeysAreIgnored() { // case 38
    assertAccepted(StreamDirection.OUT, Nng.dial(URL, "colour", "blue"));
  }

  @Test
  public void withoutOptionsItIsAsInC() throws StreamException { // cases 79, 84, 85, 87
    NngParameters defaults =
        NngParameters.read(StreamDirection.OUT, new ParameterReader(Nng.dial(URL)));
    assertEquals(10_000, defaults.sockets().handshakeTimeoutMs());
    assertFalse(defaults.lazy());
    assertEquals(1001, defaults.sockets().queueMessages());
    assertEquals(1000, defaults.sockets().backoffMaxMs());
  }

  @Test
  public void optionsHaveBounds() throws StreamException {
    assertRefused(StreamDirection.OUT, Nng.dial(URL, "lazy", "perhaps"), "lazy");
    assertRefused(StreamDirection.OUT, Nng.dial(URL, "queueMessages", 0L), "queueMessages");
    assertRefused(
        StreamDirection.IN, Nng.listen(URL, "maxMessageBytes", 1L << 31), "maxMessageBytes");
    assertEquals(
        7,
        NngParameters.read(
                StreamDirection.OUT, new ParameterReader(Nng.dial(URL, "queueMessages", "7")))
            .sockets()
            .queueMessages());
    assertTrue(
        NngParameters.read(StreamDirection.OUT, new ParameterReader(Nng.dial(URL, "lazy", true)))
            .lazy());
    assertTrue(
        NngParameters.read(StreamDirection.OUT, new ParameterReader(Nng.dial(URL, "lazy", "true")))
            .lazy());
  }
}
