/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nats.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;
import org.daqstream.testing.Await;
import org.daqstream.testing.NatsServer;
import org.daqstream.testing.RecordingSink;

/** Streams of the type, closed in the end. */
final class Nat {
  private final NatsTransport transport = new NatsTransport();
  private final List<Runnable> open = new ArrayList<>();

  /** Parameters with more. */
  static Map<String, Object> at(String url, String subject, Object... more) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("url", url);
    parameters.put("subject", subject);
    for (int i = 0; i < more.length; i += 2) {
      parameters.put((String) more[i], more[i + 1]);
    }
    return parameters;
  }

  static String urls(List<NatsServer> servers) {
    return servers.stream().map(NatsServer::url).collect(Collectors.joining(","));
  }

  TransportInput input(HoldingSink sink, Map<String, Object> parameters) throws StreamException {
    TransportInput input =
        transport.openInput(
            "test", new StreamDefinition("in", "nats", StreamDirection.IN, parameters), sink);
    open.add(input::close);
    return input;
  }

  TransportOutput output(Map<String, Object> parameters) throws StreamException {
    return output(new RecordingSink(), parameters);
  }

  TransportOutput output(RecordingSink sink, Map<String, Object> parameters)
      throws StreamException {
    TransportOutput output =
        transport.openOutput(
            "test", new StreamDefinition("out", "nats", StreamDirection.OUT, parameters), sink);
    open.add(() -> output.close(0));
    return output;
  }

  /** Offers until it is taken. */
  static void send(TransportOutput output, String text) {
    Await.until("room for a message", () -> offer(output, text) == StreamResult.OK);
  }

  static StreamResult offer(TransportOutput output, String text) {
    return output.offer(ByteBuffer.wrap(text.getBytes(US_ASCII)));
  }

  /** What an administrator does. */
  interface Administration<T> {
    T run(JetStreamManagement management) throws IOException, JetStreamApiException;
  }

  static <T> T administer(String url, Administration<T> work) throws Exception {
    Connection connection = Nats.connect(url);
    try {
      return work.run(connection.jetStreamManagement());
    } finally {
      connection.close();
    }
  }

  static void addStream(String url, String name, int replicas) throws Exception {
    administer(
        url,
        management ->
            management.addStream(
                StreamConfiguration.builder()
                    .name(name)
                    .subjects(name + ".>")
                    .replicas(replicas)
                    .build()));
  }

  static void addConsumer(String url, String stream, ConsumerConfiguration consumer)
      throws Exception {
    administer(url, management -> management.createConsumer(stream, consumer));
  }

  static long storedMessages(String url, String stream) throws Exception {
    return administer(
        url, management -> management.getStreamInfo(stream).getStreamState().getMsgCount());
  }

  /** The transport goes, whatever is open. */
  void leave() {
    transport.deactivate();
  }

  /** Closes all, and sees to it that nothing stays. */
  void close() {
    open.forEach(Runnable::run);
    transport.deactivate();
    Await.noThread("stream-nats-");
    Await.noThread("daqstream test/");
  }
}
