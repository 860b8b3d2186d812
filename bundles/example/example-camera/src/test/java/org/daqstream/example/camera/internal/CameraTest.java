/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.example.camera.internal;

import static org.junit.Assert.assertEquals;

import java.nio.ByteBuffer;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.testing.FakeClient;
import org.junit.After;
import org.junit.Test;

public class CameraTest {
  private static final CameraModules.Settings SETTINGS = new CameraModules.Settings(1, 100);

  private final FakeClient client = new FakeClient();
  private final Camera camera = new Camera(client);

  @After
  public void stop() {
    camera.stop();
  }

  private void assertCalls(String... expected) throws InterruptedException {
    for (String call : expected) {
      assertEquals(call, client.nextCall());
    }
  }

  private void assertNumbers(long... expected) {
    for (long number : expected) {
      assertEquals(number, ByteBuffer.wrap(client.written.remove()).getLong());
    }
  }

  @Test
  public void framesAreNumberedFromZero() throws Exception {
    camera.use(SETTINGS);
    assertCalls("out frames", "write 1 of 100", "write 1 of 100");
    assertNumbers(0, 1);
  }

  @Test
  public void aStreamThatCannotBeOpenedIsTriedAgain() throws Exception {
    client.answers.add(StreamResult.NOTSUP);
    client.answers.add(StreamResult.ERROR);
    camera.use(SETTINGS);
    assertCalls("out frames NOTSUP", "out frames ERROR", "out frames", "write 1 of 100");
    assertNumbers(0);
  }

  @Test
  public void aRefusedFrameIsLeftOutAndCounted() throws Exception {
    camera.use(SETTINGS);
    assertCalls("out frames");
    client.answers.add(StreamResult.ERROR);
    assertCalls("write 1 of 100", "write 1 of 100");
    assertNumbers(0, 1);
  }

  @Test
  public void anEndedStreamIsClosedAndOpenedAnew() throws Exception {
    camera.use(SETTINGS);
    assertCalls("out frames");
    client.tell((callback, listener) -> listener.ended("test"));
    String call = client.nextCall();
    while (call.startsWith("write 1 ")) {
      call = client.nextCall();
    }
    assertEquals("close 1", call);
    assertCalls("out frames");
    assertEquals("write 2", client.nextCall().substring(0, 7));
  }

  @Test
  public void stoppingClosesTheStream() throws Exception {
    camera.use(SETTINGS);
    assertCalls("out frames");
    camera.stop();
    String last = "";
    while (!last.equals("close 1")) {
      last = client.nextCall();
      assertEquals(last, true, last.startsWith("write 1 ") || last.equals("close 1"));
    }
  }
}
