/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.DataInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import javax.inject.Inject;
import org.daqstream.stream.api.StreamRegister;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A camera, watched by a signal client: example-camera → nng → bridge → signal → server →
 * WebSocket, by a manifest from Config Admin. The same signal goes out on a raw TCP connection,
 * frame by frame with its time, as the measure of what the client must see.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class CameraSignalIT {
  private static final String SIGNAL = "camera/frames";
  private static final int FRAMES = 50;
  private static final int FRAME_BYTES = 65_536; // the camera's default, more than one data frame
  private static final int TIMEOUT_MS = 20_000;

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  @Inject private StreamRegister streams;

  private org.osgi.service.cm.Configuration inward;
  private org.osgi.service.cm.Configuration outward;
  private org.osgi.service.cm.Configuration manifest;
  private ServerSocket recorder;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withBundles(jar -> !jar.matches("org\\.daqstream\\.source.*"));
  }

  @Before
  public void startCameraAndBridges() throws Exception {
    configure(
        configurationAdmin.getConfiguration("org.daqstream.server", "?"),
        Map.of("host", "127.0.0.1", "port", 0, "controlPort", 0));
    configure(
        configurationAdmin.getConfiguration("org.daqstream.example.camera", "?"),
        Map.of("framesPerSecond", 50));
    inward =
        bridge(
            "stream2signal",
            Map.of("instance", "watch", "stream", "frames", "signalId", SIGNAL, "retryMs", 50));
    outward =
        bridge(
            "signal2stream",
            Map.of(
                "instance",
                "record",
                "stream",
                "frames",
                "signalId",
                SIGNAL,
                "frame",
                "stamped",
                "retryMs",
                50));
    recorder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    recorder.setSoTimeout(TIMEOUT_MS);
    int port = Modules.freePort();
    String text =
        Modules.manifest(
            Modules.instance(
                "example-camera-1",
                "frames",
                "nng",
                "out",
                Modules.nng("dial", "push", port).replace("{", "{\"lazy\":true,")),
            Modules.instance("watch", "frames", "nng", "in", Modules.nng("listen", "pull", port)),
            Modules.instance(
                "record", "frames", "posix", "out", Modules.posix(recorder.getLocalPort())));
    manifest =
        configure(
            configurationAdmin.createFactoryConfiguration(
                "org.daqstream.stream.register.manifest", "?"),
            Map.of("manifest", text));
  }

  @After
  public void removeEverything() throws Exception {
    manifest.delete();
    inward.delete();
    outward.delete();
    recorder.close();
    await("end of the streams", () -> streams.streams().isEmpty());
  }

  @Test
  public void aSignalClientSeesEveryFrameWithItsExactTime() throws Exception {
    await("server", () -> LiveRuntime.endpoints(context) != null);
    long startNanos = nowNanos();
    Map<Long, Long> seen = new TreeMap<>();
    try (SignalClient client =
            new SignalClient(LiveRuntime.endpoints(context)[0], LiveRuntime.endpoints(context)[1]);
        Socket recording = recorder.accept()) {
      if (!client.available().contains(SIGNAL)) {
        client.await(
            "signal",
            packet -> packet.is("available") && SignalClient.ids(packet).contains(SIGNAL));
      }
      assertTrue(client.command("subscribe", SIGNAL).startsWith("200"));
      int time = client.await("subscribe").signo();
      int frames = client.await("subscribe").signo();
      assertEquals(
          "binary",
          client
              .await("metadata", packet -> packet.is("signal") && packet.signo() == frames)
              .params()
              .path("definition")
              .path("dataType")
              .textValue());
      for (int i = 0; i < FRAMES; i++) {
        ByteBuffer stamp = client.awaitData(time).data();
        ByteBuffer frame = client.awaitData(frames).data();
        assertEquals("one time for each frame", Long.BYTES, stamp.remaining());
        seen.put(frameNumber(frame), stamp.getLong());
      }
      assertConsecutive(seen, startNanos);
      recording.setSoTimeout(TIMEOUT_MS);
      assertEquals("times as recorded", recorded(recording, seen), seen);
    }
  }

  /** Checks a frame's bytes. */
  private static long frameNumber(ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    ByteBuffer expected = ByteBuffer.allocate(FRAME_BYTES).put(bytes, 0, Long.BYTES);
    assertArrayEquals(expected.array(), bytes);
    return expected.getLong(0);
  }

  private static void assertConsecutive(Map<Long, Long> seen, long startNanos) {
    assertEquals(FRAMES, seen.size());
    long[] last = {-1, startNanos};
    seen.forEach(
        (number, nanos) -> {
          assertTrue("frame " + number, last[0] < 0 || number == last[0] + 1);
          assertTrue("time of frame " + number, nanos > last[1]);
          last[0] = number;
          last[1] = nanos;
        });
    assertTrue("not in the future", last[1] <= nowNanos());
  }

  /** The times of the same frames in the recording. */
  private static Map<Long, Long> recorded(Socket recording, Map<Long, Long> seen) throws Exception {
    DataInputStream in = new DataInputStream(recording.getInputStream());
    Map<Long, Long> times = new TreeMap<>();
    while (times.size() < seen.size()) {
      ByteBuffer head = ByteBuffer.wrap(in.readNBytes(Integer.BYTES));
      int length = head.order(ByteOrder.LITTLE_ENDIAN).getInt();
      ByteBuffer body = ByteBuffer.wrap(in.readNBytes(length)).order(ByteOrder.LITTLE_ENDIAN);
      assertEquals("samples", 1, body.getInt());
      assertEquals("first and only", body.getLong(4), body.getLong(20));
      assertEquals("explicit", 0, body.getLong(12));
      long nanos = body.getLong(4);
      body.position(28);
      long number = frameNumber(body);
      if (seen.containsKey(number)) {
        times.put(number, nanos);
      }
    }
    return times;
  }

  private static long nowNanos() {
    return ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
  }

  private org.osgi.service.cm.Configuration bridge(String direction, Map<String, Object> values)
      throws Exception {
    return configure(
        configurationAdmin.createFactoryConfiguration("org.daqstream.bridge." + direction, "?"),
        values);
  }

  private static org.osgi.service.cm.Configuration configure(
      org.osgi.service.cm.Configuration configuration, Map<String, Object> values)
      throws Exception {
    configuration.update(FrameworkUtil.asDictionary(values));
    return configuration;
  }
}
