/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.example.camera.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.daqstream.stream.api.StreamClient;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a {@link Camera} for each instance of the manifest whose name starts as said below. */
@Component(
    immediate = true,
    service = {},
    configurationPid = CameraModules.PID)
@Designate(ocd = CameraModules.Config.class)
public final class CameraModules {

  static final String PID = "org.daqstream.example.camera";

  private static final Logger LOG = LoggerFactory.getLogger(CameraModules.class);

  /** Configuration of all cameras. */
  @ObjectClassDefinition(name = "daqstream example camera", description = "Sends test frames.")
  @interface Config {

    @AttributeDefinition(
        name = "Frames per second",
        description = "Of each camera.",
        min = "1",
        max = "1000")
    int framesPerSecond() default 10;

    @AttributeDefinition(
        name = "Frame (bytes)",
        description = "Size of a frame.",
        min = "8",
        max = "16777216")
    int frameBytes() default 65_536;
  }

  private final Map<StreamClient, Camera> cameras = new ConcurrentHashMap<>();
  private int intervalMs; // 0 while the configuration cannot be used
  private int frameBytes;

  /** Takes the configuration; with a wrong one there are no cameras, which the log says. */
  @Activate
  public CameraModules(Config config) {
    try {
      frameBytes = number("frameBytes", config::frameBytes, Long.BYTES, 16_777_216);
      intervalMs = 1000 / number("framesPerSecond", config::framesPerSecond, 1, 1000);
    } catch (IllegalArgumentException e) {
      LOG.error("{}: configuration refused, there are no cameras: {}", PID, e.getMessage());
    }
  }

  static int number(String key, IntSupplier value, int low, int high) {
    String allowed = ": must be a whole number from " + low + " to " + high;
    int number;
    try {
      number = value.getAsInt();
    } catch (RuntimeException e) { // the component runtime's, for a text that is no number
      throw new IllegalArgumentException(key + allowed, e);
    }
    if (number < low || number > high) {
      throw new IllegalArgumentException(key + " = " + number + allowed);
    }
    return number;
  }

  @Reference(
      target = "(" + StreamClient.STREAM_INSTANCE + "=example-camera*)",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void bindStreams(StreamClient streams) {
    if (intervalMs == 0) {
      return;
    }
    Camera camera = new Camera(streams, intervalMs, frameBytes);
    cameras.put(streams, camera);
    camera.start();
  }

  void unbindStreams(StreamClient streams) {
    Camera camera = cameras.remove(streams);
    if (camera != null) {
      camera.stop();
    }
  }
}
