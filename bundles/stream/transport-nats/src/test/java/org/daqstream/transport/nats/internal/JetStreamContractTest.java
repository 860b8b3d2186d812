/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.testing.NatsServer;
import org.daqstream.testing.StreamTransportContract;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/** By JetStream, which takes what an input does not, so that no queue is ever full. */
public class JetStreamContractTest extends StreamTransportContract {
  private static final int QUEUE_BYTES = 500_000;
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private static NatsServer server;

  private final int number = NUMBERS.incrementAndGet();

  public JetStreamContractTest() {
    super(new NatsTransport(), Lack.PEERS, Lack.QUEUE);
  }

  @BeforeClass
  public static void startServer() throws Exception {
    server = NatsServer.jetStream();
    Nat.addStream(server.url(), "s", 1);
  }

  @AfterClass
  public static void stopServer() throws Exception {
    if (server != null) { // where there is none the tests are left out
      server.close();
    }
  }

  private Map<String, Object> with(Object... more) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("url", server.url());
    parameters.put("subject", "s." + number);
    parameters.put("jetstream", "s");
    for (int i = 0; i < more.length; i += 2) {
      parameters.put((String) more[i], more[i + 1]);
    }
    return parameters;
  }

  @Override
  protected Map<String, Object> inputParameters(int port) {
    return with("durable", "d" + number);
  }

  @Override
  protected Map<String, Object> outputParameters(int port) {
    return with("queueBytes", (long) QUEUE_BYTES);
  }

  @Override
  protected Map<String, Map<String, Object>> wrongParameters(StreamDirection direction) {
    return direction == StreamDirection.IN
        ? Map.of("durable", with(), "queue", with("durable", "d", "queue", "q"))
        : Map.of("durable", with("durable", "d"), "jetstream", with("jetstream", "a.b"));
  }

  @Override
  protected int longestMessageBytes() {
    return QUEUE_BYTES;
  }
}
