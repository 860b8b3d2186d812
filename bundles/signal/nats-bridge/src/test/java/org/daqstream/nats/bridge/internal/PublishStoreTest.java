/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.KeyValue;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.nats.support.NatsOptions;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.testing.Await;
import org.daqstream.testing.NatsServer;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.Test;

/** What who runs a server makes and deletes under a publisher. */
public final class PublishStoreTest {
  private static final long MS = 1_000_000;
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private static NatsServer server;
  private static Connection client;

  private final TestRegistry runtime = new TestRegistry();
  private final Subjects subjects = new Subjects("s" + PREFIXES.incrementAndGet());
  private SignalPublisher.Running publisher;
  private SignalSink sink;

  @BeforeClass
  public static void startServer() throws Exception {
    NatsServer.need();
    server = NatsServer.jetStream();
    client = Nats.connect(new Options.Builder().server(server.url()).maxReconnects(-1).build());
  }

  @AfterClass
  public static void stopServer() throws Exception {
    if (server != null) {
      client.close();
      server.close();
    }
  }

  @After
  public void stop() {
    if (publisher != null) {
      runtime.removeSink(sink);
      publisher.close();
    }
  }

  private SignalPublisher.Running publish(boolean isKeeping) {
    PublishSettings settings =
        new PublishSettings(
            NatsOptions.to(NatsOptions.servers(server.url()))
                .clientName("publisher")
                .backoffMaxMs(500)
                .build(),
            subjects,
            List.of("**"),
            false,
            isKeeping,
            600,
            1 << 24,
            1,
            MS,
            65_536,
            4 << 20);
    publisher =
        new SignalPublisher.Running(
            "test", settings, new ImportedPaths("here"), ImportRuntime.PACE);
    sink = publisher.sink();
    runtime.addSink(sink);
    return publisher;
  }

  private SignalPort open(String id) {
    return runtime
        .registry()
        .open(
            SignalDescriptor.linearTime(id + "/t", MS),
            SignalDescriptor.value(id, "int64").build());
  }

  private boolean isDescribed(String id) {
    try {
      KeyValue bucket = client.keyValue(subjects.bucket());
      return bucket.get(Subjects.key(id)) != null;
    } catch (Exception e) {
      return false;
    }
  }

  private void awaitProblem(String part) {
    Await.until(part, () -> publisher.status().problem().contains(part));
  }

  private long streamMessages() {
    try {
      return client
          .jetStreamManagement()
          .getStreamInfo(subjects.stream())
          .getStreamState()
          .getMsgCount();
    } catch (Exception e) {
      return -1;
    }
  }

  @Test
  public void whatIsDeletedWhileItPublishesIsMadeAgain() throws Exception {
    SignalPort port = open("a");
    publish(true);
    Await.until("it is described", () -> isDescribed("a"));
    Await.until("all is kept", port::hasSubscriber);
    client.keyValueManagement().delete(subjects.bucket());
    client.jetStreamManagement().deleteStream(subjects.stream());
    for (long row = 0; row < 100; row++) {
      port.write(row * MS, new long[] {row}, 0, 1);
    }
    Await.until("it is described again", 20_000, () -> isDescribed("a"));
    Await.until("what waited is kept", 20_000, () -> streamMessages() > 0);
    Await.until("nothing waits", () -> publisher.loop().ring().usedBytes() == 0);
    assertEquals(0, publisher.status().missingSamples());
  }

  @Test
  public void aBucketThatForgetsSoonIsToldMoreOften() throws Exception {
    client
        .keyValueManagement()
        .create(
            KeyValueConfiguration.builder()
                .name(subjects.bucket())
                .storageType(StorageType.Memory)
                .ttl(Duration.ofSeconds(6))
                .build());
    open("a");
    publish(false);
    Await.until("it is described", () -> isDescribed("a"));
    long first = client.keyValue(subjects.bucket()).get("a").getRevision();
    Await.until(
        "it is said again",
        5_500,
        () -> isDescribed("a") && revision(subjects.bucket(), "a") > first);
  }

  private static long revision(String bucket, String key) {
    try {
      return client.keyValue(bucket).get(key).getRevision();
    } catch (Exception e) {
      return -1;
    }
  }

  @Test
  public void aStreamOfOtherSubjectsIsTold() throws Exception {
    JetStreamManagement management = client.jetStreamManagement();
    management.addStream(
        StreamConfiguration.builder().name(subjects.stream()).subjects("else.>").build());
    open("a");
    publish(true);
    awaitProblem("is there for [else.>], and not for " + subjects.allData());
    management.updateStream(
        StreamConfiguration.builder()
            .name(subjects.stream())
            .subjects("else.>", subjects.prefix() + ".*.>")
            .build());
    Await.until("it is of use", () -> publisher.status().problem().isEmpty());
    Await.until("it is described", () -> isDescribed("a"));
  }

  @Test
  public void messagesAreNoLongerThanTheStreamTakes() throws Exception {
    client
        .jetStreamManagement()
        .addStream(
            StreamConfiguration.builder()
                .name(subjects.stream())
                .subjects(subjects.allData())
                .maximumMessageSize(2_000)
                .build());
    SignalPort port =
        runtime
            .registry()
            .open(
                SignalDescriptor.explicitTime("t"),
                SignalDescriptor.value("bytes", "binary").build());
    publish(true);
    Await.until("all is kept", port::hasSubscriber);
    for (int i = 0; i < 100; i++) {
      port.write(new long[] {i}, new byte[][] {new byte[i == 50 ? 5_000 : 100]}, 0, 1);
    }
    Await.until("all but one are kept", () -> publisher.status().blocks() == 99);
    Await.until("the large one is told", () -> publisher.status().missingSamples() == 1);
    Await.until("the stream has them", () -> streamMessages() == publisher.status().messages());
  }

  @Test
  public void aMessageThatTheStreamNeverTakesKeepsNoOtherBack() throws Exception {
    SignalPort port =
        runtime
            .registry()
            .open(
                SignalDescriptor.explicitTime("t"),
                SignalDescriptor.value("bytes", "binary").build());
    publish(true);
    Await.until("there is a stream", () -> streamMessages() == 0);
    JetStreamManagement management = client.jetStreamManagement();
    management.updateStream(
        StreamConfiguration.builder(management.getStreamInfo(subjects.stream()).getConfiguration())
            .maximumMessageSize(2_000)
            .build());
    port.write(new long[] {1}, new byte[][] {new byte[5_000]}, 0, 1);
    Await.until("it is told", () -> publisher.status().missingSamples() == 1);
    port.write(new long[] {2}, new byte[][] {new byte[20]}, 0, 1);
    Await.until("the small one is kept", () -> streamMessages() == 1);
  }

  @Test
  public void whatIsAsLongAsTheServerTakesIsKeptAndLongerOnesAreTold() throws Exception {
    SignalPort port =
        runtime
            .registry()
            .open(
                SignalDescriptor.explicitTime("t"),
                SignalDescriptor.value("bytes", "binary").build());
    publish(true);
    Await.until("all is kept", port::hasSubscriber);
    int head = BlockMessage.HEAD_BYTES + BlockMessage.BLOCK_HEAD_BYTES + Long.BYTES;
    int most = (1 << 20) - head - 100; // and the message id
    for (int more = 0; more < 200; more += 20) {
      port.write(new long[] {more}, new byte[][] {new byte[most + more]}, 0, 1);
      Await.until("the ring is empty", () -> publisher.loop().ring().usedBytes() == 0);
    }
    port.write(new long[] {200}, new byte[][] {new byte[20]}, 0, 1);
    Await.until("two are kept", () -> streamMessages() == 2);
    Await.until("the others are told", () -> publisher.status().missingSamples() == 9);
  }

  @Test
  public void whatIsTooLongWhileThereIsNoServerIsGivenUpLater() throws Exception {
    SignalPort port =
        runtime
            .registry()
            .open(
                SignalDescriptor.explicitTime("t"),
                SignalDescriptor.value("bytes", "binary").build());
    publish(true);
    Await.until("all is kept", port::hasSubscriber);
    server.kill();
    Await.until("it is known", () -> publisher.status().peer().isEmpty());
    port.write(new long[] {1}, new byte[][] {new byte[2 << 20]}, 0, 1);
    port.write(new long[] {2}, new byte[][] {new byte[20]}, 0, 1);
    server.start();
    Await.until("the short one is kept", 20_000, () -> streamMessages() == 1);
    assertEquals(1, publisher.status().missingSamples());
  }

  @Test
  public void whoLeavesTakesNoDescriptionOfAnotherAlong() throws Exception {
    open("a");
    publish(false);
    Await.until("it is described", () -> isDescribed("a"));
    KeyValue bucket = client.keyValue(subjects.bucket());
    bucket.put("a", new byte[] {1});
    List<String> heard = new CopyOnWriteArrayList<>();
    client
        .createDispatcher(message -> heard.add(new String(message.getData(), UTF_8)))
        .subscribe(subjects.alive());
    client.flush(Duration.ofSeconds(5));
    runtime.removeSink(sink);
    publisher.close();
    publisher = null;
    assertTrue(isDescribed("a"));
    Await.until("it says that it ends", () -> heard.stream().anyMatch(e -> e.endsWith("\ngone")));
  }
}
