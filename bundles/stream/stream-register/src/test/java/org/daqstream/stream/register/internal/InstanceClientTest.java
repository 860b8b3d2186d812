/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.testing.Await;
import org.junit.Test;

public class InstanceClientTest extends InstanceBench {
  @Test
  public void aDeclaredInputOpens() throws StreamException { // case 1
    assertTrue(client.openInput("in", callback) >= 1);
  }

  @Test
  public void handlesGrowAndAreNeverUsedAgain() throws StreamException { // case 2
    int first = client.openInput("in", callback);
    int second = client.openOutput("out");
    assertTrue(second > first);
    client.close(second);
    assertTrue(client.openOutput("out") > second);
  }

  @Test
  public void anOpenNameCannotBeOpenedAgain() throws StreamException { // case 3
    client.openInput("in", callback);
    Bench.assertFails(StreamResult.EXIST, () -> client.openInput("in", callback));
    Bench.assertFails(StreamResult.EXIST, () -> client.openOutput("in"));
    transport.lastInput().receive("x");
    assertEquals(StreamResult.OK, event());
    assertEquals(List.of("1:x"), received);
  }

  @Test
  public void aClosedNameOpensWithANewHandle() throws StreamException { // case 4
    int first = client.openInput("in", callback);
    assertEquals(StreamResult.OK, client.close(first).result());
    assertTrue(client.openInput("in", callback) > first);
  }

  @Test
  public void anUnknownNameIsInvalid() { // case 5
    Bench.assertFails(StreamResult.INVAL, () -> client.openInput("nobody", callback));
  }

  @Test
  public void anInstanceWithoutStreamsHasNone() throws Exception { // case 6
    StreamClient idle = client("idle");
    Bench.assertFails(StreamResult.INVAL, () -> idle.openInput("in", callback));
    Bench.assertFails(StreamResult.INVAL, () -> idle.openOutput("out"));
    idle.close();
  }

  @Test
  public void anUnknownInstanceIsAnError() throws Exception { // §1.2, check 2
    StreamClient nobody = client("nobody");
    Bench.assertFails(StreamResult.ERROR, () -> nobody.openInput("in", callback));
    nobody.close();
  }

  @Test
  public void theWrongDirectionTouchesNothing() throws StreamException { // cases 7, 8, 9
    Bench.assertFails(StreamResult.INVAL, () -> client.openOutput("in"));
    Bench.assertFails(StreamResult.INVAL, () -> client.openInput("out", callback));
    assertEquals(0, transport.opened.get());
    assertEquals(List.of(), client.streams());
    client.openInput("in", callback);
    client.openOutput("out");
    assertEquals(2, client.streams().size());
  }

  @Test
  public void anInputCannotBeWritten() throws StreamException { // case 10
    int handle = client.openInput("in", callback);
    assertEquals(StreamResult.INVAL, client.write(handle, new byte[1]));
    transport.lastInput().receive("still");
    assertEquals(StreamResult.OK, event());
    assertEquals(List.of("1:still"), received);
  }

  @Test
  public void unknownHandlesAreInvalid() { // case 11
    for (int handle : new int[] {0, -1, Integer.MAX_VALUE}) {
      assertEquals(StreamResult.INVAL, client.write(handle, new byte[1]));
      assertEquals(StreamResult.INVAL, client.close(handle).result());
    }
  }

  @Test
  public void aClosedHandleIsInvalid() throws StreamException { // case 12
    int handle = client.openOutput("out");
    client.close(handle);
    assertEquals(StreamResult.INVAL, client.close(handle).result());
    assertEquals(StreamResult.INVAL, client.write(handle, new byte[1]));
  }

  @Test
  public void aTransportsRefusalIsPassedOn() { // case 13
    transport.refused = new StreamException(StreamResult.NOTSUP, "placeholder");
    Bench.assertFails(StreamResult.NOTSUP, () -> client.openInput("in", callback));
    Bench.assertFails(StreamResult.NOTSUP, () -> client.openOutput("out"));
    assertEquals(List.of(), client.streams());
  }

  @Test
  public void twoClientsMayUseTheSameName() throws Exception { // case 16
    client.openInput("in", callback);
    client("collector").openInput("in", callback);
    assertEquals(2, bench.register.streams().size());
  }

  @Test
  public void theBytesAreTakenAtTheWrite() throws Exception { // case 17
    int handle = client.openOutput("out");
    byte[] message = {'a', 'b'};
    assertEquals(StreamResult.OK, client.write(handle, message));
    message[0] = 'x';
    StringBuilder drained = new StringBuilder();
    Await.until("all", () -> drained.append(transport.lastOutput().drain()).length() == 2);
    assertEquals("ab", drained.toString());
  }

  @Test
  public void closingTheClientClosesItsStreams() throws StreamException { // case 24
    client.openInput("in", callback);
    int out = client.openOutput("out");
    client.close();
    client.close();
    assertEquals(2, transport.closed.get());
    assertEquals(List.of(), bench.register.streams());
    assertEquals(StreamResult.INVAL, client.write(out, new byte[1]));
    assertEquals(StreamResult.SHOULDEXIT, client.processEvent(-1));
    Bench.assertFails(StreamResult.ERROR, () -> client.openInput("in", callback));
  }

  @Test
  public void infoShowsPortAndQueue() throws Exception {
    int handle = client.openInput("in", callback);
    transport.lastInput().receive("four");
    Await.until(
        "there", () -> client.info(handle).orElseThrow().statistics().queuedMessages() == 1);
    StreamInfo info = client.info(handle).orElseThrow();
    assertEquals(4711, info.boundPort());
    assertEquals(1, info.statistics().queuedMessages());
    assertEquals(4, info.statistics().queuedBytes());
    assertEquals("", info.ended());
    event();
    assertEquals(0, client.streams().get(0).statistics().queuedBytes());
  }
}
