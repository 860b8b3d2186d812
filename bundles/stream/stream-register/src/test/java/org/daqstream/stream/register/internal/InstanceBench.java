/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamResult;
import org.junit.After;
import org.junit.Before;

/**
 * The client of an instance with streams of a transport that tests steer. Tests of clients that are
 * somewhere else extend those here: then what comes takes its time.
 */
public abstract class InstanceBench {
  final Bench bench = new Bench();
  final FakeTransport transport = bench.transport;
  final List<String> received = new ArrayList<>();
  final StreamCallback callback = (peer, data) -> received.add(peer + ":" + text(data));
  StreamClient client;

  @Before
  public void makeClient() throws Exception {
    client = client("camera");
  }

  @After
  public void close() {
    closeClients();
    bench.register.close();
    assertEquals("every stream was closed", transport.opened.get(), transport.closed.get());
  }

  /** A client as it is tested. */
  protected StreamClient client(String instance) throws Exception {
    return bench.register.client(instance);
  }

  /** The end of all clients, unless the register sees to it. */
  protected void closeClients() {}

  /** How long an event may take to come. */
  protected long eventMs() {
    return 0;
  }

  /** How long none has come when none will. */
  protected long quietMs() {
    return 0;
  }

  /** Processes the next event. */
  final StreamResult event() {
    return client.processEvent(eventMs());
  }

  final void assertNoEvent() {
    assertEquals(StreamResult.TIMEDOUT, client.processEvent(quietMs()));
  }

  static String text(ByteBuffer data) {
    assertTrue(data.isReadOnly());
    return StandardCharsets.US_ASCII.decode(data).toString();
  }
}
