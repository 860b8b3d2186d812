/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import org.daqstream.base.support.Worker;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.recorder.api.RecorderStatus;
import org.daqstream.signal.api.sink.SignalSink;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A recorder with its thread and its services, from one configuration to the next. */
final class RunningRecorder implements Recorder, AutoCloseable {
  /** How long files may take to be completed before nobody waits for them any more. */
  private static final long END_MS = 5_000;

  private static final Logger LOG = LoggerFactory.getLogger(RunningRecorder.class);

  private final String name;
  private final RecordingLoop loop;
  private final Worker worker;
  private final FormatTracker formats;
  private ServiceRegistration<SignalSink> sink;
  private ServiceRegistration<Recorder> service;

  private RunningRecorder(BundleContext context, String name, Settings settings) {
    this.name = name;
    Clock clock = Clock.system(ZoneId.systemDefault());
    RecordingFolder folder = new RecordingFolder(name, settings, clock, RunningRecorder::freeBytes);
    loop = new RecordingLoop(name, settings, folder, clock, System::nanoTime);
    worker =
        new Worker(
            "daqstream-recorder " + name,
            self -> {
              self.repeat(loop::step, e -> LOG.error("recorder {}: a step failed", name, e));
              folder.close();
            });
    formats = new FormatTracker(context, settings.format(), loop, END_MS);
  }

  /** Begins to record, or to wait for what it needs. */
  static RunningRecorder start(BundleContext context, String name, Settings settings) {
    RunningRecorder recorder = new RunningRecorder(context, name, settings);
    recorder.loop.setWaker(recorder.worker::wake);
    recorder.worker.start();
    recorder.formats.open();
    recorder.loop.begin();
    recorder.sink =
        context.registerService(SignalSink.class, new RecorderSink(recorder.loop), null);
    recorder.service = context.registerService(Recorder.class, recorder, null);
    return recorder;
  }

  /** What is left of the disk of a folder that may have to be made. */
  private static long freeBytes(Path folder) {
    for (Path each = folder.toAbsolutePath(); each != null; each = each.getParent()) {
      if (Files.exists(each)) {
        try {
          return Files.getFileStore(each).getUsableSpace();
        } catch (IOException e) {
          return -1;
        }
      }
    }
    return -1;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public RecorderStatus status() {
    return loop.board().status();
  }

  @Override
  public void start() {
    loop.setStarted(true);
  }

  @Override
  public void stop() {
    loop.setStarted(false);
  }

  /** Completes the files; when the service is gone they are. */
  @Override
  public void close() {
    try {
      if (!loop.close(END_MS)) {
        LOG.error("recorder {}: did not complete its files within {} ms", name, END_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    service.unregister();
    formats.close();
    sink.unregister();
    worker.stop();
  }
}
