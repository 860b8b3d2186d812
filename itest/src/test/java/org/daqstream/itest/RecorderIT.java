/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.daqstream.itest.LiveRuntime.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.inject.Inject;
import org.daqstream.recorder.api.Recorder;
import org.daqstream.recorder.api.RecorderState;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RowBlock;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;

/** Signals of a runtime reach files, whatever becomes of the format meanwhile. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RecorderIT {
  private static final int ROWS = 600;

  private static final long MILLISECOND = 1_000_000;

  @Rule public final TemporaryFolder temporary = new TemporaryFolder();

  @Inject private BundleContext context;

  @Inject private ConfigurationAdmin configurationAdmin;

  private final List<Long> rows = new ArrayList<>();
  private final List<Long> ticks = new ArrayList<>();
  private org.osgi.service.cm.Configuration simulator;
  private Path folder;

  @Configuration
  public Option[] runtime() {
    return FelixRuntime.withAllBundles();
  }

  @Before
  public void simulate() throws Exception {
    folder = temporary.getRoot().toPath().resolve("made/by/the recorder");
    simulator =
        configurationAdmin.createFactoryConfiguration("org.daqstream.source.simulator", "?");
    simulator.update(
        FrameworkUtil.asDictionary(
            Map.of("prefix", "rec/s", "signals", 3, "waveform", "counter", "dataType", "int64")));
  }

  @After
  public void stopSimulating() throws Exception {
    simulator.delete();
  }

  private <T> T service(Class<T> type) {
    ServiceReference<T> reference = context.getServiceReference(type);
    return reference == null ? null : context.getService(reference);
  }

  private RecordingFormat parquet() throws Exception {
    String filter = "(" + RecordingFormat.RECORDING_FORMAT + "=parquet)";
    return context.getService(
        context.getServiceReferences(RecordingFormat.class, filter).iterator().next());
  }

  private List<Path> files(String pattern) throws Exception {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(each -> each.getFileName().toString().matches(pattern))
          .sorted(Comparator.comparing(each -> each.toFile().lastModified()))
          .toList();
    }
  }

  private void awaitSamples(String what, long more) {
    long before = service(Recorder.class).status().samples();
    await(what, () -> service(Recorder.class).status().samples() > before + more);
  }

  @Test
  public void signalsAreInFilesAlsoWhenTheFormatIsUpdated() throws Exception {
    org.osgi.service.cm.Configuration recorder =
        configurationAdmin.createFactoryConfiguration("org.daqstream.recorder", "?");
    recorder.update(
        FrameworkUtil.asDictionary(
            Map.of("folder", folder.toString(), "signals", "rec/**", "minFreeBytes", 0)));
    await("recorder", () -> service(Recorder.class) != null);
    awaitSamples("samples", 3 * ROWS);
    assertEquals(RecorderState.RECORDING, service(Recorder.class).status().state());
    Bundle parquet = LiveRuntime.bundle(context, "org.daqstream.recording.parquet");
    parquet.stop();
    assertEquals("completed before it is gone", List.of(), files("_.*parquet.*"));
    await(
        "waiting recorder",
        () -> service(Recorder.class).status().state() == RecorderState.NO_FORMAT);
    parquet.start();
    awaitSamples("samples behind the update", 3 * ROWS);
    recorder.delete();
    await("end of the recorder", () -> service(Recorder.class) == null);
    await("completed files", () -> files("_.*parquet.*").isEmpty());
    List<Path> all = files(".*[.]parquet");
    assertTrue(all.size() + " files", all.size() >= 2);
    for (Path each : all) {
      check(each);
    }
    assertTrue(rows.size() + " rows", rows.size() > 2 * ROWS);
    for (int i = 1; i < rows.size(); i++) {
      assertEquals(rows.get(i - 1) + 1, (long) rows.get(i));
      assertEquals(ticks.get(i - 1) + MILLISECOND, (long) ticks.get(i));
    }
  }

  /** The counter counts rows, so every value tells its own. */
  private void check(Path file) throws Exception {
    RecordingFormat format = parquet();
    RecordingSummary summary = format.describe(file);
    assertEquals("[]", summary.facts().get("daqstream.holes"));
    assertEquals("rec/s/time", summary.facts().get("daqstream.table"));
    try (RecordingReader reader = format.open(file)) {
      int signals = reader.part().signals().size();
      assertTrue(signals > 0);
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        for (int i = 0; i < block.count(); i++) {
          rows.add(block.row() + i);
          ticks.add(block.tick(i));
          for (int column = 0; column < signals; column++) {
            ByteBuffer samples = block.samples(column).order(ByteOrder.LITTLE_ENDIAN);
            assertEquals(block.row() + i, samples.getLong(samples.position() + i * Long.BYTES));
          }
        }
      }
    }
  }
}
