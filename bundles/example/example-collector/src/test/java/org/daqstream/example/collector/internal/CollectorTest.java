/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.example.collector.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.testing.FakeClient;
import org.junit.After;
import org.junit.Test;

public class CollectorTest {
  private final FakeClient client = new FakeClient();
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final Collector collector = new Collector(client, said::add, Long.MAX_VALUE / 2);

  @After
  public void stop() {
    collector.stop();
  }

  private void assertSaid(String expected) throws InterruptedException {
    assertEquals(expected, said.poll(20, TimeUnit.SECONDS));
  }

  private void peerUp(long id) {
    client.tell((callback, listener) -> listener.peerUp(id, "address" + id));
  }

  private void data(long id, int bytes) {
    client.tell((callback, listener) -> callback.data(id, ByteBuffer.allocate(bytes)));
  }

  private void peerDown(long id) {
    client.tell((callback, listener) -> listener.peerDown(id, "closed by peer"));
  }

  @Test
  public void camerasAreCountedApart() throws Exception {
    collector.start();
    assertEquals("in frames", client.nextCall());
    assertSaid("test: waits for cameras");
    peerUp(1);
    peerUp(2);
    data(1, 10);
    data(2, 200);
    data(1, 10);
    peerDown(1);
    peerDown(2);
    assertSaid("test: camera address1 is there");
    assertSaid("test: camera address2 is there");
    assertSaid("test: camera address1 is gone, it sent 2 messages, 20 bytes");
    assertSaid("test: camera address2 is gone, it sent 1 messages, 200 bytes");
  }

  @Test
  public void countsAreSaidNowAndThen() throws Exception {
    Collector talkative = new Collector(client, said::add, 0);
    talkative.start();
    try {
      assertSaid("test: waits for cameras");
      peerUp(1);
      data(1, 10);
      data(1, 20);
      assertSaid("test: camera address1 is there");
      String all = "test: camera address1 has sent 2 messages, 30 bytes";
      String last;
      do {
        last = said.poll(20, TimeUnit.SECONDS);
        assertTrue("said at last: " + last, String.valueOf(last).contains("address1 has sent "));
      } while (!all.equals(last));
    } finally {
      talkative.stop();
    }
  }

  @Test
  public void dataOfACameraThatWasNotAnnouncedDoesNoHarm() throws Exception {
    collector.start();
    assertSaid("test: waits for cameras");
    data(7, 10);
    peerUp(1);
    assertSaid("test: camera address1 is there");
  }

  @Test
  public void anEndedStreamIsClosedAndOpenedAnewWithoutItsCameras() throws Exception {
    collector.start();
    assertEquals("in frames", client.nextCall());
    assertSaid("test: waits for cameras");
    peerUp(1);
    assertSaid("test: camera address1 is there");
    client.tell((callback, listener) -> listener.ended("test"));
    assertEquals("close 1", client.nextCall());
    assertEquals("in frames", client.nextCall());
    assertSaid("test: waits for cameras");
    data(1, 10);
    peerUp(2);
    assertSaid("test: camera address2 is there");
  }

  @Test
  public void aStreamThatCannotBeOpenedIsSaidOnceAndTriedAgain() throws Exception {
    client.answers.add(StreamResult.NOTSUP);
    client.answers.add(StreamResult.NOTSUP);
    collector.start();
    client.tell((callback, listener) -> {}); // instead of waiting for the time of the next try
    client.tell((callback, listener) -> {});
    assertEquals("in frames NOTSUP", client.nextCall());
    assertEquals("in frames NOTSUP", client.nextCall());
    assertEquals("in frames", client.nextCall());
    assertSaid("test: test");
    assertSaid("test: waits for cameras");
  }

  @Test
  public void stoppingClosesTheStream() throws Exception {
    collector.start();
    assertEquals("in frames", client.nextCall());
    collector.stop();
    assertEquals("close 1", client.nextCall());
  }
}
