/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recording.format.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.recording.api.RecordingProgress;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;

/** What is in a file, found by reading all of it: for formats that do not tell it. */
public final class RowSummary {
  private static final class Sums {
    final SignalDescriptor signal;
    final ElementType type; // null: no least and greatest value
    long values;
    long bytes;
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    boolean hasNaN;

    Sums(SignalDescriptor signal) {
      this.signal = signal;
      ElementType number = ElementType.of(signal.dataType());
      type = number == null || number.slots() > 1 ? null : number;
    }

    void add(ByteBuffer samples, int count) {
      values += count;
      bytes += samples.remaining();
      for (int at = samples.position(); type != null && at < samples.limit(); at += type.bytes()) {
        double value = type.doubleAt(samples, at);
        hasNaN |= Double.isNaN(value);
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }

    RecordingSummary.Column column(long rows) {
      boolean isTold = type != null && values > 0 && !hasNaN;
      return new RecordingSummary.Column(
          signal.signalId(),
          signal.dataType(),
          values,
          rows - values,
          bytes,
          isTold ? number(low) : null,
          isTold ? number(high) : null);
    }

    private Object number(double value) {
      return type.isReal() ? (Object) value : (Object) (long) value;
    }
  }

  private RowSummary() {}

  /**
   * {@return what is in a file}
   *
   * @param reader at its beginning; is read to its end
   * @param fileBytes size of the file
   * @param facts all that is written about it
   */
  public static RecordingSummary of(
      RecordingReader reader, long fileBytes, Map<String, String> facts) throws IOException {
    return of(reader, fileBytes, facts, RecordingProgress.NONE);
  }

  /**
   * {@return what is in a file}
   *
   * @param reader at its beginning; is read to its end
   * @param fileBytes size of the file
   * @param facts all that is written about it
   * @param progress is told how far it is, if the reader tells
   */
  public static RecordingSummary of(
      RecordingReader reader, long fileBytes, Map<String, String> facts, RecordingProgress progress)
      throws IOException {
    List<Sums> all = new ArrayList<>();
    reader.part().signals().forEach(each -> all.add(new Sums(each)));
    long rows = 0;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (RowBlock block = reader.next(); block != null; block = reader.next()) {
      rows += block.count();
      for (int i = 0; i < block.count(); i++) {
        first = Math.min(first, block.tick(i));
        last = Math.max(last, block.tick(i));
      }
      for (int i = 0; i < all.size(); i++) {
        ByteBuffer samples = block.samples(i);
        if (samples != null) {
          all.get(i).add(samples, block.count());
        }
      }
      double ratio = reader.readRatio();
      if (ratio >= 0) {
        progress.at((long) (ratio * fileBytes), fileBytes);
      }
    }
    List<RecordingSummary.Column> columns = new ArrayList<>();
    for (Sums each : all) {
      columns.add(each.column(rows));
    }
    boolean hasRows = rows > 0;
    return new RecordingSummary(
        rows, 1, fileBytes, hasRows ? first : null, hasRows ? last : null, columns, facts);
  }
}
