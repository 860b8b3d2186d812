/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.example.camera.internal;

import java.util.HashMap;
import java.util.Map;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.daqstream.stream.api.StreamClient;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
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

  /** What the configuration says. */
  record Settings(int intervalMs, int frameBytes) {
    static Settings of(Values values) {
      return new Settings(1000 / values.integer("framesPerSecond"), values.integer("frameBytes"));
    }
  }

  private final Configured<Settings> configured =
      new Configured<>(Config.class, PID, "there are no cameras", LOG, Settings::of);
  private final Map<StreamClient, Camera> cameras = new HashMap<>();

  /** Takes the configuration; with a wrong one there are no cameras, which the log says. */
  @Activate
  public CameraModules(Map<String, Object> properties) {
    modified(properties);
  }

  /** The cameras go on with another rate and size. */
  @Modified
  synchronized void modified(Map<String, Object> properties) {
    configured.take(
        properties, settings -> cameras.values().forEach(camera -> camera.use(settings)));
  }

  @Reference(
      target = "(" + StreamClient.STREAM_INSTANCE + "=example-camera*)",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  synchronized void bindStreams(StreamClient streams) {
    Camera camera = new Camera(streams);
    cameras.put(streams, camera);
    configured.settings().ifPresent(camera::use);
  }

  void unbindStreams(StreamClient streams) {
    Camera camera;
    synchronized (this) {
      camera = cameras.remove(streams);
    }
    camera.stop();
  }
}
