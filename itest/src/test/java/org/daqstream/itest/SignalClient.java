/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PacketReader;
import org.daqstream.protocol.ProtocolException;

/** A client on the JDK's WebSocket; waits are on what arrives, with a deadline. */
final class SignalClient implements WebSocket.Listener, AutoCloseable {
  private static final int TIMEOUT_S = 20;

  private final BlockingQueue<Packet> packets = new LinkedBlockingQueue<>();
  private final PacketReader reader = new PacketReader(Limits.DEFAULT, this::packet);
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private final Predicate<Packet> consumer;
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI commands;
  private final WebSocket socket;
  private final String streamId;
  private final List<String> available;

  /** Metadata, or data if {@code metadata} is null; a close if both are null. */
  record Packet(int signo, Metadata metadata, ByteBuffer data, int closeCode) {
    boolean is(String method) {
      return metadata != null && metadata.method().equals(method);
    }

    JsonNode params() {
      return metadata.params();
    }
  }

  SignalClient(String streamUrl, String commandUrl) throws Exception {
    this(streamUrl, commandUrl, packet -> false);
  }

  /** The consumer gets each packet on the socket's thread; what it answers with true is gone. */
  SignalClient(String streamUrl, String commandUrl, Predicate<Packet> consumer) throws Exception {
    this.consumer = consumer;
    commands = URI.create(commandUrl);
    socket =
        http.newWebSocketBuilder()
            .header("User-Agent", "daqstream/itest") // takes every data type
            .buildAsync(URI.create(streamUrl), this)
            .get(TIMEOUT_S, TimeUnit.SECONDS);
    streamId = await("init").params().path("streamId").textValue();
    available = ids(await("available"));
  }

  /** The id that the server gave to the connection. */
  String streamId() {
    return streamId;
  }

  /** The signals offered in the greeting. */
  List<String> available() {
    return available;
  }

  static List<String> ids(Packet packet) {
    return java.util.stream.StreamSupport.stream(
            packet.params().path("signalIds").spliterator(), false)
        .map(JsonNode::textValue)
        .collect(Collectors.toList());
  }

  /** Status and body of a command sent by HTTP. */
  String command(String command, String signalId) throws Exception {
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s.%s\",\"params\":[\"%s\"]}"
            .formatted(streamId, command, signalId);
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(commands)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }

  /** The next message of this method; others before it are dropped. */
  Packet await(String method) throws InterruptedException {
    return await(method, packet -> packet.is(method));
  }

  /** The next data of a signal; other packets before them are dropped. */
  Packet awaitData(int signo) throws InterruptedException {
    return await("data of " + signo, packet -> packet.data() != null && packet.signo() == signo);
  }

  /** The close code. */
  int awaitClose() throws InterruptedException {
    return await("close", packet -> packet.closeCode() != 0).closeCode();
  }

  Packet await(String what, Predicate<Packet> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
    while (true) {
      Packet packet = packets.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (packet == null) {
        throw new AssertionError("no " + what + " within " + TIMEOUT_S + " s");
      }
      if (wanted.test(packet)) {
        return packet;
      }
    }
  }

  private void arrived(Packet packet) {
    if (!consumer.test(packet)) {
      packets.add(packet);
    }
  }

  private void packet(int signo, int type, ByteBuffer payload) {
    try {
      if (type == PacketHeader.METADATA) {
        arrived(new Packet(signo, MetadataCodec.decode(payload, Limits.DEFAULT), null, 0));
      } else {
        ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        arrived(new Packet(signo, null, copy.put(payload).flip(), 0));
      }
    } catch (ProtocolException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
    byte[] part = new byte[data.remaining()];
    data.get(part);
    message.writeBytes(part);
    if (last) {
      reader.read(ByteBuffer.wrap(message.toByteArray()), true);
      message.reset();
    }
    webSocket.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
    arrived(new Packet(0, null, null, statusCode));
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    arrived(new Packet(0, null, null, 1006));
  }

  @Override
  public void close() {
    socket.abort();
  }
}
