/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.testing.NatsServer;
import org.daqstream.testing.StreamTransportContract;
import org.junit.AfterClass;
import org.junit.BeforeClass;

/** By the core of NATS: what nobody takes at once is lost, and only the server is a peer. */
public class NatsContractTest extends StreamTransportContract {
  private static final int QUEUE_BYTES = 500_000;

  private static NatsServer server;

  public NatsContractTest() {
    super(new NatsTransport(), Lack.PEERS, Lack.QUEUE);
  }

  @BeforeClass
  public static void startServer() throws IOException {
    server = NatsServer.core();
  }

  @AfterClass
  public static void stopServer() throws IOException {
    if (server != null) { // where there is none the tests are left out
      server.close();
    }
  }

  private static Map<String, Object> with(Object... more) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("url", server.url());
    parameters.put("subject", "contract.a");
    for (int i = 0; i < more.length; i += 2) {
      parameters.put((String) more[i], more[i + 1]);
    }
    return parameters;
  }

  @Override
  protected Map<String, Object> inputParameters(int port) {
    return with();
  }

  @Override
  protected Map<String, Object> outputParameters(int port) {
    return with("queueBytes", (long) QUEUE_BYTES);
  }

  @Override
  protected Map<String, Map<String, Object>> wrongParameters(StreamDirection direction) {
    return Map.of(
        "url", with("url", "nats://u:p@127.0.0.1"),
        "subject", with("subject", direction == StreamDirection.IN ? "a..b" : "a.*"),
        "queueBytes", with("queueBytes", 0L),
        "durable", with("durable", "d"),
        "user", with("passwordFile", "p"),
        "trustFile", with("url", "tls://127.0.0.1", "trustFile", List.of()));
  }

  @Override
  protected int longestMessageBytes() {
    return QUEUE_BYTES;
  }
}
