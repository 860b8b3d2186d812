/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.example.camera.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.stream.api.StreamClient;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Runs a {@link Camera} for each instance of the manifest whose name starts as said below. */
@Component(
    immediate = true,
    service = {},
    configurationPid = CameraModules.PID)
@Designate(ocd = CameraModules.Config.class)
public final class CameraModules {

  static final String PID = "org.daqstream.example.camera";

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
  private final int intervalMs;
  private final int frameBytes;

  /**
   * Takes the configuration.
   *
   * @throws IllegalArgumentException naming the key that is wrong; there are no cameras then
   */
  @Activate
  public CameraModules(Config config) {
    intervalMs = 1000 / number("framesPerSecond", config.framesPerSecond(), 1, 1000);
    frameBytes = number("frameBytes", config.frameBytes(), Long.BYTES, 16_777_216);
  }

  private static int number(String key, int value, int low, int high) {
    if (value < low || value > high) {
      throw new IllegalArgumentException(
          PID + ": " + key + " = " + value + ": must be from " + low + " to " + high);
    }
    return value;
  }

  @Reference(
      target = "(" + StreamClient.STREAM_INSTANCE + "=example-camera*)",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void bindStreams(StreamClient streams) {
    Camera camera = new Camera(streams, intervalMs, frameBytes);
    cameras.put(streams, camera);
    camera.start();
  }

  void unbindStreams(StreamClient streams) {
    cameras.remove(streams).stop();
  }
}
