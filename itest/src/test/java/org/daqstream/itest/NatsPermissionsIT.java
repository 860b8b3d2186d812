/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamOptions;
import io.nats.client.KeyValue;
import io.nats.client.KeyValueOptions;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.OrderedConsumerContext;
import io.nats.client.Subscription;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.KeyValueEntry;
import io.nats.client.api.KeyValueWatcher;
import io.nats.client.api.OrderedConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.NatsMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.testing.Await;
import org.daqstream.testing.NatsServer;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Who may do what by the configuration of the cluster in the templates, asked with jnats alone. */
public class NatsPermissionsIT {
  private static final Path CONFIGURATION =
      Distribution.FOLDER.resolve("templates/cluster/nats-server.conf").toAbsolutePath();
  private static final String BUCKET = "daqstream_daqstream";
  private static final String STREAM = "daqstream_data_daqstream";
  private static final String DATA = "daqstream.data.a";
  private static final String DESCRIPTION = "$KV." + BUCKET + ".a";
  private static final Duration ANSWER = Duration.ofMillis(300);
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final long READY_MS = 30_000;

  @Rule public TemporaryFolder folder = new TemporaryFolder();

  private RunningProcess server;
  private String url;
  private Peer acquisition;

  /** A connection, and what the server said against it. */
  private static final class Peer implements ErrorListener, AutoCloseable {
    private final List<String> refused = new CopyOnWriteArrayList<>();
    final Connection connection;

    Peer(String url, String user, String password) throws Exception {
      connection =
          Nats.connect(
              new Options.Builder()
                  .server(url)
                  .userInfo(user, password)
                  .maxReconnects(0)
                  .errorListener(this)
                  .build());
    }

    @Override
    public void errorOccurred(Connection from, String error) {
      refused.add(error);
    }

    /** Publishes what the server must refuse. */
    void cannotPublish(String subject) {
      connection.publish(subject, "no".getBytes(UTF_8));
      awaitRefused("Publish to \"" + subject + "\"");
    }

    void cannotSubscribe(String subject) {
      connection.subscribe(subject);
      awaitRefused("Subscription to \"" + subject + "\"");
    }

    /** The server refuses such a request. */
    void cannotAsk(String subject) {
      cannotPublish("$JS.API." + subject);
    }

    private void awaitRefused(String what) {
      Await.until(
          what + " refused, not only " + refused,
          () -> refused.stream().anyMatch(each -> each.contains(what)));
    }

    KeyValue bucket() throws IOException {
      JetStreamOptions answer = JetStreamOptions.builder().requestTimeout(ANSWER).build();
      return connection.keyValue(
          BUCKET, KeyValueOptions.builder().jetStreamOptions(answer).build());
    }

    @Override
    public void close() {
      try {
        connection.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Before
  public void startServer() throws Exception {
    NatsServer.need();
    String address = "127.0.0.1:" + NatsHall.freePort();
    url = "nats://" + address;
    server =
        RunningProcess.start(
            folder.getRoot().toPath(),
            List.of("nats-server", "-c", CONFIGURATION.toString()),
            Map.of(
                "NATS_LISTEN",
                address,
                "NATS_STORE",
                folder.newFolder().toString(),
                "ACQUISITION_PASSWORD",
                "pa",
                "EDGE_PASSWORD",
                "pe",
                "VIEWER_PASSWORD",
                "pv"));
    server.awaitLine(0, line -> line.contains("Server is ready"), READY_MS);
    acquisition = new Peer(url, "acquisition", "pa");
    prepare();
  }

  @After
  public void stopServer() throws Exception {
    if (acquisition != null) {
      acquisition.close();
    }
    if (server != null) { // where there is none the tests are left out
      server.close();
    }
  }

  /** As a publisher does. */
  private void prepare() throws Exception {
    acquisition
        .connection
        .keyValueManagement()
        .create(KeyValueConfiguration.builder().name(BUCKET).ttl(Duration.ofMinutes(10)).build());
    acquisition
        .connection
        .jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name(STREAM)
                .subjects("daqstream.data.>")
                .allowDirect(true)
                .build());
    acquisition.bucket().put("a", "description");
    acquisition.connection.jetStream().publish(DATA, "kept".getBytes(UTF_8));
  }

  private void assertNothingChanged() throws Exception {
    assertEquals("description", acquisition.bucket().get("a").getValueAsString());
    assertEquals(1, acquisition.bucket().getStatus().getEntryCount());
    assertEquals(
        1,
        acquisition
            .connection
            .jetStreamManagement()
            .getStreamInfo(STREAM)
            .getStreamState()
            .getMsgCount());
    assertEquals(List.of(), acquisition.refused);
  }

  /** The next message is this one, so nothing came before. */
  private static void assertNext(Subscription subscription, String text) throws Exception {
    Message message = subscription.nextMessage(SOON);
    assertEquals(text, message == null ? null : new String(message.getData(), UTF_8));
  }

  @Test
  public void nobodyComesInWithoutPassword() throws Exception {
    String refused = "-ERR 'Authorization Violation'";
    assertEquals(refused, answerTo("{}"));
    for (String user : List.of("acquisition", "edge", "viewer", "", "admin")) {
      for (String password : List.of("", "$EDGE_PASSWORD", "pe ")) {
        String login = "{\"user\":\"%s\",\"pass\":\"%s\"}".formatted(user, password);
        assertEquals(login, refused, answerTo(login));
      }
    }
    assertEquals("PONG", answerTo("{\"user\":\"edge\",\"pass\":\"pe\",\"verbose\":false}"));
    assertNothingChanged();
  }

  /** What the server says to a peer that logs in like this; jnats would wait long. */
  private String answerTo(String login) throws IOException {
    URI address = URI.create(url);
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.setSoTimeout((int) SOON.toMillis());
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      assertTrue(in.readLine().startsWith("INFO "));
      socket.getOutputStream().write(("CONNECT " + login + "\r\nPING\r\n").getBytes(UTF_8));
      return in.readLine();
    }
  }

  @Test
  public void acquisitionHearsWhatEdgesWant() throws Exception {
    Subscription wants = acquisition.connection.subscribe("daqstream.want");
    acquisition.connection.flush(SOON);
    try (Peer edge = new Peer(url, "edge", "pe")) {
      edge.connection.publish("daqstream.want", "e\na".getBytes(UTF_8));
      assertNext(wants, "e\na");
      assertEquals(List.of(), edge.refused);
    }
    assertNothingChanged();
  }

  @Test
  public void edgeHearsAndReadsAll() throws Exception {
    try (Peer edge = new Peer(url, "edge", "pe")) {
      Subscription data = edge.connection.subscribe("daqstream.data.>");
      Subscription alive = edge.connection.subscribe("daqstream.alive");
      edge.connection.flush(SOON);
      acquisition.connection.publish("daqstream.alive", "p".getBytes(UTF_8));
      assertNext(alive, "p");
      List<String> described = new CopyOnWriteArrayList<>();
      edge.bucket()
          .watchAll(
              new KeyValueWatcher() {
                @Override
                public void watch(KeyValueEntry entry) {
                  described.add(entry.getKey() + ": " + entry.getValueAsString());
                }

                @Override
                public void endOfData() {
                  described.add("end");
                }
              });
      Await.until("descriptions", () -> described.equals(List.of("a: description", "end")));
      OrderedConsumerContext reader =
          edge.connection
              .getStreamContext(STREAM)
              .createOrderedConsumer(new OrderedConsumerConfiguration().filterSubject(DATA));
      assertEquals("kept", new String(reader.next(SOON).getData(), UTF_8));
      assertNothingChanged();
      acquisition.connection.jetStream().publish(DATA, "live".getBytes(UTF_8));
      assertNext(data, "live");
      assertEquals(List.of(), edge.refused);
    }
  }

  @Test
  public void edgeCannotPublishOrDelete() throws Exception {
    try (Peer edge = new Peer(url, "edge", "pe")) {
      Subscription data = edge.connection.subscribe("daqstream.data.>");
      edge.connection.flush(SOON);
      edge.cannotPublish(DATA);
      edge.cannotPublish("daqstream.alive");
      edge.cannotPublish(DESCRIPTION);
      assertThrows(IOException.class, () -> edge.bucket().put("a", "another"));
      assertThrows(IOException.class, () -> edge.bucket().delete("a"));
      for (String stream : List.of(STREAM, "KV_" + BUCKET)) {
        edge.cannotAsk("STREAM.DELETE." + stream);
        edge.cannotAsk("STREAM.PURGE." + stream);
        edge.cannotAsk("STREAM.UPDATE." + stream);
        edge.cannotAsk("STREAM.MSG.DELETE." + stream);
      }
      edge.cannotAsk("STREAM.CREATE.other");
      edge.cannotSubscribe("daqstream.want");
      assertNothingChanged();
      acquisition.connection.publish(DATA, "last".getBytes(UTF_8));
      assertNext(data, "last");
    }
  }

  @Test
  public void viewerListensAndNothingElse() throws Exception {
    try (Peer viewer = new Peer(url, "viewer", "pv")) {
      Subscription data = viewer.connection.subscribe("daqstream.data.>");
      viewer.connection.flush(SOON);
      viewer.cannotPublish(DATA);
      viewer.cannotPublish("daqstream.alive");
      viewer.cannotPublish("daqstream.want");
      viewer.cannotPublish(DESCRIPTION);
      viewer.cannotAsk("INFO");
      viewer.cannotAsk("STREAM.DELETE." + STREAM);
      viewer.cannotSubscribe("daqstream.want");
      viewer.cannotSubscribe("_INBOX.>");
      viewer.cannotSubscribe(">");
      assertNothingChanged();
      acquisition.connection.publish(DATA, "last".getBytes(UTF_8));
      assertNext(data, "last");
    }
  }

  /** A message that comes back would be one that was published. */
  @Test
  public void viewerCannotPublishByAReply() throws Exception {
    try (Peer viewer = new Peer(url, "viewer", "pv")) {
      Subscription data = viewer.connection.subscribe("daqstream.data.>");
      viewer.connection.flush(SOON);
      acquisition.connection.publish(
          NatsMessage.builder().subject(DATA).replyTo("daqstream.want").data("ask").build());
      Message asked = data.nextMessage(SOON);
      assertTrue("asked", asked != null);
      viewer.cannotPublish(asked.getReplyTo());
    }
  }
}
