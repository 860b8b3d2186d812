/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.rows;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.format.support.WorkingFiles;
import org.daqstream.signal.api.SignalDescriptor;

/** Writes a record for each row; what the last sync covered outlasts a crash. One thread. */
final class RowsWriter implements RecordingWriter {
  /** In place of the size of a sample that is missing. */
  static final int MISSING = -1;

  private final WorkingFiles files;
  private final FileChannel channel;
  private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
  private final DataOutputStream records = new DataOutputStream(waiting);
  private final List<RecordingHole> holes = new ArrayList<>();
  private final int[] at; // in the samples of a block
  private int notedHoles;
  private long bytes;

  RowsWriter(WorkingFiles files, FileChannel channel, RecordingPart part) throws IOException {
    this.files = files;
    this.channel = channel;
    at = new int[part.signals().size()];
    List<String> names = part.signals().stream().map(SignalDescriptor::signalId).toList();
    facts(RecordingFacts.of(part, names));
    sync();
  }

  private void facts(Map<String, String> facts) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(body);
    out.writeByte(Records.FACTS);
    for (Map.Entry<String, String> each : facts.entrySet()) {
      Records.putText(out, each.getKey());
      Records.putText(out, each.getValue());
    }
    Records.write(records, body.toByteArray());
  }

  @Override
  public void write(RowBlock rows) throws IOException {
    for (int i = 0; i < at.length; i++) {
      at[i] = rows.samples(i) == null ? 0 : rows.samples(i).position();
    }
    for (int i = 0; i < rows.count(); i++) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(body);
      out.writeByte(Records.ROW);
      out.writeLong(rows.row() + i);
      out.writeLong(rows.tick(i));
      for (int column = 0; column < at.length; column++) {
        ByteBuffer samples = rows.samples(column);
        int size = samples == null ? 0 : rows.sampleBytes(column, i);
        out.writeInt(samples == null ? MISSING : size);
        for (int end = at[column] + size; at[column] < end; at[column]++) {
          out.write(samples.get(at[column]));
        }
      }
      Records.write(records, body.toByteArray());
    }
    flush();
  }

  private void flush() throws IOException {
    ByteBuffer out = ByteBuffer.wrap(waiting.toByteArray());
    waiting.reset();
    while (out.hasRemaining()) {
      bytes += channel.write(out);
    }
  }

  @Override
  public void hole(RecordingHole hole) {
    holes.add(hole);
  }

  @Override
  public void sync() throws IOException {
    if (notedHoles < holes.size()) {
      notedHoles = holes.size();
      facts(Map.of(RecordingFacts.HOLES, RecordingFacts.textOf(holes)));
    }
    flush();
    channel.force(false);
  }

  @Override
  public void finish() throws IOException {
    sync();
    files.finish();
    close();
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // What was synced is on the disk.
    }
  }
}
