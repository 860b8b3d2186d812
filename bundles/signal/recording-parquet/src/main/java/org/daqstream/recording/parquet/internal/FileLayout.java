/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.parquet.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.support.DomainClock;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;

/**
 * What is where in a file.
 *
 * @param times the column of times that is made of ticks; {@code null} when there is none
 * @param ticks the domain's column; {@code null} when rows are all that is known
 * @param scale makes its ticks
 * @param rows the column of row numbers; {@code null} when they are counted
 */
record FileLayout(
    RecordingPart part,
    List<RecordingHole> holes,
    FileLeaf times,
    FileLeaf ticks,
    TimeScale scale,
    FileLeaf rows,
    List<FileSignal> signals) {
  private static final long MOST_ELEMENTS = 1 << 24;

  static FileLayout of(FileMetaData footer) throws IOException {
    List<FileLeaf> leaves = FileLeaf.of(footer);
    check(footer, leaves);
    Map<String, String> facts = Facts.of(footer);
    FileLayout own = RecordingFacts.isOwn(facts) ? own(facts, leaves) : null;
    return own == null ? OthersLayout.of(facts, leaves) : own;
  }

  private static void check(FileMetaData footer, List<FileLeaf> leaves) throws IOException {
    for (RowGroup group : footer.getRow_groups()) {
      if (group.getColumnsSize() != leaves.size() || group.getNum_rows() < 0) {
        throw new IOException(
            "has a row group of %s columns where there are %s"
                .formatted(group.getColumnsSize(), leaves.size()));
      }
      for (ColumnChunk each : group.getColumns()) {
        if (!each.isSetMeta_data() || each.isSetFile_path()) {
          throw new IOException("has columns that are encrypted or in other files");
        }
      }
    }
  }

  /** {@code null} when somebody took the ticks out. */
  private static FileLayout own(Map<String, String> facts, List<FileLeaf> leaves)
      throws IOException {
    RecordingPart whole = RecordingFacts.part(facts);
    for (SignalDescriptor each : whole.signals()) {
      checkSize(each);
    }
    Map<List<String>, FileLeaf> byPath = new HashMap<>();
    leaves.forEach(each -> byPath.put(each.path(), each));
    Schema schema = new Schema(whole, DomainClock.of(whole.domain()) != null);
    List<Leaf> axes = schema.axes();
    FileLeaf times = axes.size() < 3 ? null : byPath.get(axes.get(0).path());
    FileLeaf ticks = byPath.get(axes.get(axes.size() - 2).path());
    FileLeaf rows = byPath.get(axes.get(axes.size() - 1).path());
    if (ticks == null || rows == null) {
      return null;
    }
    List<FileSignal> signals = new ArrayList<>();
    for (Schema.Signal each : schema.signals()) {
      List<FileLeaf> columns =
          each.leaves().stream()
              .map(leaf -> columnOf(leaf, byPath))
              .filter(Objects::nonNull)
              .toList();
      if (columns.size() == each.leaves().size()) {
        signals.add(new FileSignal(each.descriptor(), each.leaves(), columns));
      }
    }
    List<SignalDescriptor> read = signals.stream().map(FileSignal::descriptor).toList();
    RecordingPart part = new RecordingPart(whole.domain(), read, whole.facts());
    return new FileLayout(
        part,
        RecordingFacts.holes(facts),
        times,
        ticks,
        TimeScale.NONE,
        rows,
        List.copyOf(signals));
  }

  /** {@code null} when it is not there as it was written. */
  private static FileLeaf columnOf(Leaf leaf, Map<List<String>, FileLeaf> byPath) {
    FileLeaf column = byPath.get(leaf.path());
    boolean isSame =
        column != null
            && column.type() == leaf.type()
            && column.maxRepetition() == leaf.maxRepetition();
    return isSame ? column : null;
  }

  /** A description takes no more room than a sample can have. */
  private static void checkSize(SignalDescriptor signal) throws IOException {
    if (elements(signal.dimensions()) * elements(signal.members(), 0) > MOST_ELEMENTS) {
      throw new IOException(
          "signal '%s' has samples of more than %s elements"
              .formatted(signal.signalId(), MOST_ELEMENTS));
    }
  }

  private static double elements(List<Dimension> dimensions) {
    return dimensions.stream().mapToDouble(Dimension::size).reduce(1, (a, b) -> a * b);
  }

  private static double elements(List<StructMember> members, int depth) {
    double sum = members.isEmpty() ? 1 : 0;
    for (StructMember each : members) {
      sum += elements(each.dimensions()) * elements(each.members(), depth + 1);
    }
    return sum;
  }
}
