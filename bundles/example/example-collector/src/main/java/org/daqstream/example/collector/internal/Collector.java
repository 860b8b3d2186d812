/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.example.collector.internal;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamListener;
import org.daqstream.stream.api.StreamResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The central server: counts what each camera sends to its input {@code frames}, and says it every
 * five seconds and when a camera leaves.
 */
final class Collector implements StreamCallback, StreamListener {
  private static final Logger LOG = LoggerFactory.getLogger(Collector.class);
  private static final String STREAM = "frames";
  private static final long RETRY_MS = 1000;
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long STOP_MS = 6000;

  /** One connected camera. */
  private static final class Camera {
    final String address;
    long messages;
    long bytes;

    Camera(String address) {
      this.address = address;
    }
  }

  private final StreamClient streams;
  private final Consumer<String> logger;
  private final Thread thread; // by hand, as in a program that has only the API
  private final Map<Long, Camera> cameras = new HashMap<>();
  private final long reportNanos;
  private long reportAtNanos;
  private int handle;
  private String problem = "";

  Collector(StreamClient streams) {
    this(streams, LOG::info, REPORT_NANOS);
  }

  Collector(StreamClient streams, Consumer<String> logger, long reportNanos) {
    this.streams = streams;
    this.reportNanos = reportNanos;
    this.reportAtNanos = System.nanoTime() + reportNanos;
    this.logger = text -> logger.accept(streams.instance() + ": " + text);
    this.thread = new Thread(this::run, streams.instance());
  }

  void start() {
    thread.start();
  }

  /** All callbacks run on this thread, so nothing here needs a lock. */
  private void run() {
    StreamResult result;
    do {
      if (handle == 0) {
        open();
      }
      result = streams.processEvent(RETRY_MS);
      if (System.nanoTime() - reportAtNanos > 0) {
        reportAtNanos = System.nanoTime() + reportNanos;
        cameras.values().forEach(camera -> report("has sent", camera));
      }
    } while (result != StreamResult.SHOULDEXIT);
    streams.close(handle);
  }

  private void open() {
    try {
      handle = streams.openInput(STREAM, this, this);
      problem = "";
      logger.accept("waits for cameras");
    } catch (StreamException e) { // next try in a second
      if (!e.getMessage().equals(problem)) {
        problem = e.getMessage();
        logger.accept(problem);
      }
    }
  }

  @Override
  public void peerUp(long peerId, String address) {
    cameras.put(peerId, new Camera(address));
    logger.accept("camera " + address + " is there");
  }

  @Override
  public void data(long peerId, ByteBuffer data) {
    Camera camera = cameras.get(peerId);
    if (camera != null) { // null: came when the event queue was full
      camera.messages++;
      camera.bytes += data.remaining();
    }
  }

  @Override
  public void peerDown(long peerId, String cause) {
    report("is gone, it sent", cameras.remove(peerId));
  }

  private void report(String verb, Camera camera) {
    logger.accept(
        "camera %s %s %d messages, %d bytes"
            .formatted(camera.address, verb, camera.messages, camera.bytes));
  }

  /** The transport left or the manifest changed: open anew. */
  @Override
  public void ended(String cause) {
    streams.close(handle);
    handle = 0;
    cameras.clear();
  }

  void stop() {
    streams.requestStop();
    try {
      thread.join(STOP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
