/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.example.camera.internal;

import java.nio.ByteBuffer;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One camera: sends a frame now and then on its output {@code frames}. A frame begins with its
 * number, an int64 in network byte order. A frame that finds the queue full is left out.
 */
final class Camera implements StreamListener {
  private static final Logger LOG = LoggerFactory.getLogger(Camera.class);
  private static final String STREAM = "frames";
  private static final long FLUSH_MS = 1000; // old frames are of little use
  private static final long STOP_MS = 2000;

  private final StreamClient streams;
  private final Thread thread; // by hand, as in a program that has only the API
  private volatile CameraModules.Settings settings; // null until it is to send
  private int handle;
  private String problem = "not open yet";

  Camera(StreamClient streams) {
    this.streams = streams;
    this.thread = new Thread(this::run, streams.instance());
  }

  /** Begins to send, or goes on in another way; for one thread at a time. */
  void use(CameraModules.Settings wanted) {
    boolean first = settings == null;
    settings = wanted;
    if (first) {
      thread.start();
    }
  }

  private void run() {
    long number = 0;
    ByteBuffer frame = ByteBuffer.allocate(settings.frameBytes());
    while (streams.processEvent(settings.intervalMs()) != StreamResult.SHOULDEXIT) {
      if (frame.capacity() != settings.frameBytes()) {
        frame = ByteBuffer.allocate(settings.frameBytes());
      }
      if (handle == 0) {
        open();
      } else {
        StreamResult result = streams.write(handle, frame.putLong(0, number++));
        tell(result == StreamResult.OK ? "" : "frames are left out: " + result);
      }
    }
    streams.close(handle, FLUSH_MS);
  }

  private void open() {
    try {
      handle = streams.openOutput(STREAM, this);
      tell("");
    } catch (StreamException e) { // next try at the next frame
      tell(e.getMessage());
    }
  }

  /** The transport left or the manifest changed: open anew. */
  @Override
  public void ended(String cause) {
    streams.close(handle);
    handle = 0;
  }

  private void tell(String now) {
    if (!now.equals(problem)) {
      problem = now;
      LOG.info("{}: {}", streams.instance(), now.isEmpty() ? "sends" : now);
    }
  }

  void stop() {
    if (settings == null) {
      return;
    }
    streams.requestStop();
    try {
      thread.join(STOP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
