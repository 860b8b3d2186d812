/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.support;

import static org.junit.Assert.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.Unit;
import org.junit.Test;

/** How rows are made of blocks; a sample is a byte here, a missing one a dash. */
public class TableRecordingTest {
  private static final SignalDescriptor DOMAIN = SignalDescriptor.linearTime("t", 10);

  private final List<String> written = new ArrayList<>();

  private static SignalDescriptor signal(String signalId) {
    return SignalDescriptor.value(signalId, DataTypes.INT8).build();
  }

  private TableRecording record(SignalDescriptor... signals) {
    return new TableRecording(DOMAIN, List.of(signals), Map.of(), this::begin);
  }

  private RecordingWriter begin(RecordingPart part, int number) {
    written.add("file " + number + " " + part.facts().getOrDefault("daqstream.part.why", ""));
    return new RecordingWriter() {
      @Override
      public void write(RowBlock rows) {
        for (int i = 0; i < rows.count(); i++) {
          StringBuilder line = new StringBuilder();
          line.append(rows.row() + i).append('@').append(rows.tick(i)).append(':');
          for (int column = 0; column < part.signals().size(); column++) {
            ByteBuffer samples = rows.samples(column);
            line.append(' ').append(samples == null ? "-" : sample(rows, column, i));
          }
          written.add(line.toString());
        }
      }

      private String sample(RowBlock rows, int column, int index) {
        ByteBuffer samples = rows.samples(column);
        int bytes = rows.sampleBytes(column, index);
        byte[] one = new byte[bytes];
        samples.get(samples.position() + index * bytes, one);
        return bytes == 1 ? Byte.toString(one[0]) : bytes < 9 ? Arrays.toString(one) : "…";
      }

      @Override
      public void hole(RecordingHole hole) {
        written.add("hole " + hole.signalId() + " " + hole.fromRow() + " " + hole.toRow());
      }

      @Override
      public void sync() {}

      @Override
      public void finish() {
        written.add("end");
      }

      @Override
      public long bytes() {
        return 7;
      }

      @Override
      public void close() {}
    };
  }

  private static void put(TableRecording recording, String signalId, long row, int... samples)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(samples.length);
    for (int each : samples) {
      bytes.put((byte) each);
    }
    recording.onLine(signalId, row, samples.length, row * 10, 10, bytes.flip());
  }

  private void assertWritten(String... lines) {
    assertEquals(List.of(lines), written);
  }

  @Test
  public void rowsAreWrittenWhenAllHaveToldThem() throws IOException {
    TableRecording recording = record(signal("a"), signal("b"));
    put(recording, "a", 5, 1, 2, 3);
    assertWritten();
    put(recording, "b", 5, 11, 12);
    assertWritten("file 0 ", "5@50: 1 11", "6@60: 2 12");
    put(recording, "b", 7, 13, 14);
    recording.finish();
    assertWritten("file 0 ", "5@50: 1 11", "6@60: 2 12", "7@70: 3 13", "8@80: - 14", "end");
    assertEquals(7, recording.samples());
  }

  @Test
  public void holesOfOneSignalAreNoHolesOfTheOthers() throws IOException {
    TableRecording recording = record(signal("a"), signal("b"));
    put(recording, "a", 0, 1, 2);
    put(recording, "b", 0, 11);
    recording.hole(new RecordingHole("b", "device", 1, 3, true, 10, 30));
    put(recording, "a", 2, 3, 4);
    put(recording, "b", 3, 14);
    assertWritten("file 0 ", "0@0: 1 11", "hole b 1 3", "1@10: 2 -", "2@20: 3 -", "3@30: 4 14");
  }

  @Test
  public void whoSaysNothingIsWaitedForALittle() throws IOException {
    TableRecording recording = record(signal("a"), signal("b"));
    put(recording, "a", 0, 1);
    recording.poll();
    put(recording, "a", 1, 2);
    assertWritten();
    recording.poll();
    assertWritten("file 0 ", "0@0: 1 -");
    put(recording, "b", 0, 11, 12);
    assertWritten("file 0 ", "0@0: 1 -", "0@0: - 11", "1@10: 2 12");
  }

  @Test
  public void constantsHoldUntilTheNextOne() throws IOException {
    SignalDescriptor constant = signal("c").toBuilder().rule(Rule.CONSTANT).build();
    TableRecording recording = record(signal("a"), constant);
    put(recording, "a", 0, 1);
    put(recording, "c", 1, 50);
    put(recording, "a", 1, 2, 3);
    put(recording, "c", 4, 51);
    put(recording, "a", 3, 4, 5, 6);
    assertWritten(
        "file 0 ",
        "0@0: 1 -",
        "1@10: 2 50",
        "2@20: 3 50",
        "3@30: 4 50",
        "4@40: 5 51",
        "5@50: 6 51");
  }

  @Test
  public void constantsHoldAlsoBehindAChangeOfOthers() throws IOException {
    SignalDescriptor constant = signal("c").toBuilder().rule(Rule.CONSTANT).build();
    TableRecording recording = record(signal("a"), constant);
    put(recording, "c", 0, 50);
    put(recording, "a", 0, 1);
    recording.change(DOMAIN, List.of(signal("b"), constant), "a is gone");
    put(recording, "b", 1, 7);
    assertWritten("file 0 ", "0@0: 1 50", "end", "file 1 a is gone", "1@10: 7 50");
  }

  @Test
  public void aTableOfConstantsHasARowForEachChange() throws IOException {
    TableRecording recording = record(signal("c").toBuilder().rule(Rule.CONSTANT).build());
    put(recording, "c", 3, 50);
    put(recording, "c", 9, 51);
    assertWritten("file 0 ", "3@30: 50", "9@90: 51");
  }

  @Test
  public void rowsOfExplicitDomainsAreOfOneSignalOrOfAll() throws IOException {
    TableRecording recording = record(signal("a"), signal("b"));
    recording.stamped("a", 0, new long[] {7, 9}, ByteBuffer.wrap(new byte[] {1, 2}));
    recording.stamped("b", 2, new long[] {12}, ByteBuffer.wrap(new byte[] {11}));
    recording.stamped("a", 3, new long[] {15}, ByteBuffer.wrap(new byte[] {3}));
    recording.stamped("b", 3, new long[] {15}, ByteBuffer.wrap(new byte[] {12}));
    assertWritten("file 0 ", "0@7: 1 -", "1@9: 2 -", "2@12: - 11", "3@15: 3 12");
  }

  @Test
  public void samplesOfAnySizeComeOneByOne() throws IOException {
    SignalDescriptor bytes = SignalDescriptor.value("b", DataTypes.BINARY).build();
    TableRecording recording = record(signal("a"), bytes);
    put(recording, "a", 0, 1, 2);
    recording.onLine("b", 0, 1, 0, 10, ByteBuffer.wrap(new byte[] {7, 8, 9}));
    recording.onLine("b", 1, 1, 10, 10, ByteBuffer.wrap(new byte[] {6}));
    assertWritten("file 0 ", "0@0: 1 [7, 8, 9]", "1@10: 2 6");
  }

  @Test
  public void rowsMayBeCountedAnew() throws IOException {
    TableRecording recording = record(signal("a"), signal("b"));
    put(recording, "a", 100, 1);
    put(recording, "b", 100, 11);
    for (String each : List.of("a", "b")) {
      recording.hole(new RecordingHole(each, "connection", 101, 0, false, 0, 0));
    }
    put(recording, "a", 0, 2);
    put(recording, "b", 0, 12);
    assertWritten("file 0 ", "100@1000: 1 11", "hole a 101 0", "hole b 101 0", "0@0: 2 12");
  }

  @Test
  public void anotherDescriptionIsAnotherFile() throws IOException {
    TableRecording recording = record(signal("a"), signal("b"));
    recording.hole(new RecordingHole("a", "device", 0, 1, false, 0, 0));
    put(recording, "a", 1, 1);
    recording.change(DOMAIN, List.of(signal("b")), "a is gone");
    put(recording, "b", 2, 11);
    recording.finish();
    assertWritten(
        "file 0 ", "hole a 0 1", "1@10: 1 -", "end", "file 1 a is gone", "2@20: 11", "end");
    assertEquals(2, recording.parts());
    assertEquals(14, recording.bytes());
  }

  @Test
  public void whatWaitsHasALimit() throws IOException {
    int bytes = 1 << 20;
    Dimension large = new Dimension.Linear("i", 0, 1, bytes, Unit.NONE);
    SignalDescriptor image = signal("a").toBuilder().dimensions(List.of(large)).build();
    TableRecording recording = record(image, signal("b"));
    for (int row = 0; row < 20; row++) {
      recording.onLine("a", row, 1, row, 1, ByteBuffer.allocate(bytes));
    }
    assertEquals(17, written.size() - 1);
  }
}
