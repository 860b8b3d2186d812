/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.RemoteSubscription;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.client.StreamingClient;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.csv.internal.CsvFormat;
import org.daqstream.recording.parquet.internal.ParquetFormat;
import org.daqstream.recording.support.SampleSize;
import org.daqstream.recording.support.TableRecording;
import org.daqstream.recording.wav.internal.WavFormat;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.daqstream.testing.AllTypes;
import org.daqstream.testing.Await;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * What was recorded and is played again comes to a client as it was: every value, row, tick and
 * description, of signals of all data types with holes, from a real runtime.
 */
public class PlayedAgainIT {
  private static final long START = 1_795_990_659_273_000_001L;
  private static final long MILLISECOND = 1_000_000;
  private static final int ROWS = 1000;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  /** A sample; rows count from the first one of the pass. */
  private record Sample(long row, long tick, String bytes) {
    Sample atRow(long newRow) {
      return new Sample(newRow, tick, bytes);
    }
  }

  /** What a sample is, told so that equal ones have equal texts. */
  private interface Telling {
    String of(SignalDescriptor signal, ByteBuffer sample);
  }

  private String prefix;
  private Telling telling = (signal, sample) -> hex(sample);
  private final Map<String, List<Sample>> written = new HashMap<>();
  private final Map<String, List<Sample>> received = new ConcurrentHashMap<>();
  private final Map<String, RemoteSignal> described = new ConcurrentHashMap<>();

  private static List<SignalDescriptor> signals() {
    List<SignalDescriptor> signals = new ArrayList<>(AllTypes.signals());
    signals.replaceAll(
        each ->
            each.dataType().equals(DataTypes.INT16) && each.dimensions().isEmpty()
                ? each.toBuilder()
                    .name("Pressure")
                    .description("behind the valve")
                    .unit(new Unit(-1, "bar", "pressure", "pressure"))
                    .range(-10, 250.5)
                    .metadata(Map.of("serial", "0815"))
                    .build()
                : each);
    return signals;
  }

  private void record(Path file, RecordingFormat format, List<SignalDescriptor> signals)
      throws Exception {
    Random random = new Random(17);
    AllTypes types = new AllTypes(17);
    try (TableRecording recording =
        new TableRecording(
            AllTypes.DOMAIN, signals, Map.of(), (part, number) -> format.create(file, part))) {
      for (int row = 0; row < ROWS; row++) {
        for (SignalDescriptor signal : signals) {
          // The first and the last row are there, so that a pass can be told.
          if (row > 0 && row < ROWS - 1 && random.nextInt(10) == 0) {
            continue;
          }
          long tick = START + row * MILLISECOND;
          ByteBuffer sample = types.sample(signal, SampleSize.of(signal));
          written
              .computeIfAbsent(signal.signalId(), id -> new ArrayList<>())
              .add(new Sample(row, tick, telling.of(signal, sample)));
          recording.onLine(signal.signalId(), row, 1, tick, MILLISECOND, sample);
        }
        if (row % 300 == 299) {
          recording.sync();
        }
      }
      recording.finish();
    }
  }

  private static String hex(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    return HexFormat.of().formatHex(copy);
  }

  /** By its value: a NaN is a NaN. */
  private static String value(SignalDescriptor signal, ByteBuffer sample) {
    Object value = AllTypes.expected(signal, sample);
    return value instanceof byte[] ? hex(sample) : value.toString();
  }

  /** Takes the samples of a block apart. */
  private final class Listener implements SampleListener {
    private final SignalDescriptor signal;
    private final String signalId;
    private final List<Sample> samples = new ArrayList<>();

    Listener(SignalDescriptor signal) {
      this.signal = signal;
      this.signalId = signal.signalId();
    }

    @Override
    public void described(RemoteSignal told) {
      if (!told.isDomain()) {
        described.put(signalId, told);
      }
    }

    @Override
    public void block(SampleBlock block) {
      ByteBuffer all = block.payload();
      int bytes = all.remaining() / block.count();
      for (int i = 0; i < block.count(); i++) {
        ByteBuffer sample = all.slice(all.position() + i * bytes, bytes);
        samples.add(new Sample(block.row() + i, block.tick(i), telling.of(signal, sample)));
      }
      received.put(signalId, List.copyOf(samples.subList(firstPass(), samples.size())));
    }

    /** Where the first pass begins of which all has come. */
    private int firstPass() {
      for (int i = 0; i < samples.size(); i++) {
        if (samples.get(i).tick() == START) {
          return i;
        }
      }
      return samples.size();
    }
  }

  @Test
  public void whatWasRecordedComesAgainAsItWas() throws Exception {
    assertComesAgain("all.parquet", new ParquetFormat(), signals());
  }

  @Test
  public void aRecordingAsCsvIsNoTableOfOthers() throws Exception {
    telling = PlayedAgainIT::value;
    assertComesAgain("all.csv", new CsvFormat(), signals());
  }

  @Test
  public void aRecordingAsWavIsNoSoundOfOthers() throws Exception {
    List<SignalDescriptor> pressures =
        signals().stream()
            .filter(each -> each.dataType().equals(DataTypes.INT16) && each.dimensions().isEmpty())
            .toList();
    assertEquals(1, pressures.size());
    List<SignalDescriptor> two = new ArrayList<>(pressures);
    two.add(pressures.get(0).toBuilder("another").name("Another").build());
    assertComesAgain("two.wav", new WavFormat(), two);
  }

  /** Rows with their numbers as values, from a runtime that is told where to go on. */
  @Test
  public void whereItGoesOnIsToldExactly() throws Exception {
    Path home = folder.newFolder().toPath();
    Path files = Files.createDirectory(home.resolve("recorded"));
    SignalDescriptor count = SignalDescriptor.value("count", DataTypes.INT64).build();
    ParquetFormat format = new ParquetFormat();
    int rows = 100_000;
    ByteBuffer samples = ByteBuffer.allocate(rows * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < rows; row++) {
      samples.putLong(row * Long.BYTES, row);
    }
    try (TableRecording recording =
        new TableRecording(
            AllTypes.DOMAIN,
            List.of(count),
            Map.of(),
            (part, number) -> format.create(files.resolve("x.parquet"), part))) {
      recording.onLine("count", 0, rows, START, MILLISECOND, samples);
      recording.finish();
    }
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    Files.writeString(
        home.resolve("conf").resolve("org.daqstream.source.file-again.cfg"),
        "path = " + files + "\nabsoluteTime = true\nscanMs = 100\n");
    List<Sample> got = new CopyOnWriteArrayList<>();
    try (RunningProcess instance = Distribution.start(home);
        StreamingClient client =
            StreamingClient.connect(Distribution.awaitListening(instance, 0).ws().toString())) {
      RemoteSubscription subscription =
          client.subscribe(
              "file/x.parquet/count",
              block -> {
                for (int i = 0; i < block.count(); i++) {
                  long value = block.payload().getLong(block.payload().position() + i * Long.BYTES);
                  got.add(new Sample(block.row() + i, block.tick(i), "" + value));
                }
              });
      Await.until("a beginning", () -> !got.isEmpty());
      int done = 0;
      for (String place : List.of("60s", "-40s", "90000")) {
        String said =
            String.join("\n", Distribution.said(home, "source:seek", "file/x.parquet", place));
        assertTrue(said, said.contains("file/x.parquet  playing"));
        int wanted = ++done;
        Await.until("what is there", () -> jumps(got).size() == wanted);
      }
      subscription.close();
    }
    for (int i = 0; i < got.size(); i++) {
      Sample sample = got.get(i);
      assertEquals((sample.tick() - START) / MILLISECOND + "", sample.bytes());
      if (i > 0 && sample.row() != got.get(i - 1).row() + 1) {
        assertEquals(
            "rows and times are passed over alike",
            (sample.row() - got.get(i - 1).row()) * MILLISECOND,
            sample.tick() - got.get(i - 1).tick());
      }
    }
    List<Long> jumps = jumps(got);
    assertEquals(60_000L, (long) jumps.get(0));
    assertTrue(jumps.toString(), jumps.get(1) > 20_000 && jumps.get(1) < 60_000);
    assertEquals(90_000L, (long) jumps.get(2));
  }

  /** Values where times do not go on. */
  private static List<Long> jumps(List<Sample> samples) {
    List<Long> jumps = new ArrayList<>();
    for (int i = 1; i < samples.size(); i++) {
      if (samples.get(i).tick() != samples.get(i - 1).tick() + MILLISECOND) {
        jumps.add(Long.valueOf(samples.get(i).bytes()));
      }
    }
    return jumps;
  }

  private void assertComesAgain(String name, RecordingFormat format, List<SignalDescriptor> signals)
      throws Exception {
    prefix = "file/" + name + "/";
    Path home = folder.newFolder().toPath();
    Path files = Files.createDirectory(home.resolve("recorded"));
    record(files.resolve(name), format, signals);
    Distribution.configureServer(home, Distribution.FREE_PORTS);
    Files.writeString(
        home.resolve("conf").resolve("org.daqstream.source.file-again.cfg"),
        "path = " + files + "\nabsoluteTime = true\nscanMs = 100\n");
    try (RunningProcess instance = Distribution.start(home);
        StreamingClient client =
            StreamingClient.connect(Distribution.awaitListening(instance, 0).ws().toString())) {
      List<RemoteSubscription> subscriptions = new ArrayList<>();
      for (SignalDescriptor each : signals) {
        subscriptions.add(client.subscribe(prefix + each.signalId(), new Listener(each)));
      }
      for (SignalDescriptor each : signals) {
        assertComesAgain(each);
      }
      subscriptions.forEach(RemoteSubscription::close);
    }
  }

  private void assertComesAgain(SignalDescriptor signal) {
    List<Sample> expected = written.get(signal.signalId());
    Await.until(
        "a pass of " + signal.signalId(),
        () -> received.getOrDefault(signal.signalId(), List.of()).size() >= expected.size());
    List<Sample> pass = received.get(signal.signalId()).subList(0, expected.size());
    long first = pass.get(0).row();
    for (int i = 0; i < expected.size(); i++) {
      Sample got = pass.get(i);
      assertEquals(signal.signalId(), expected.get(i), got.atRow(got.row() - first));
    }
    SignalDescriptor told = described.get(signal.signalId()).descriptor();
    SignalDescriptor wanted = signal.toBuilder(prefix + signal.signalId()).build();
    assertEquals(wanted.toString(), wanted, told.toBuilder().replayLast(false).build());
  }
}
