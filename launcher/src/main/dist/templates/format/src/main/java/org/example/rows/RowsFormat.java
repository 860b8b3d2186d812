/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.example.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.recording.api.RecordingHole;
import org.daqstream.recording.api.RecordingPart;
import org.daqstream.recording.api.RecordingReader;
import org.daqstream.recording.api.RecordingRepair;
import org.daqstream.recording.api.RecordingSummary;
import org.daqstream.recording.api.RecordingWriter;
import org.daqstream.recording.api.RowBlock;
import org.daqstream.recording.format.support.CollectedRows;
import org.daqstream.recording.format.support.RecordingFacts;
import org.daqstream.recording.format.support.RowSummary;
import org.daqstream.recording.format.support.WorkingFiles;
import org.daqstream.signal.api.SignalDescriptor;
import org.osgi.service.component.annotations.Component;

/**
 * Files named {@code *.rows}: records that each have a kind, a length, a body and a checksum. The
 * first one holds the descriptions, others a row or a hole.
 */
@Component(property = RecordingFormat.RECORDING_FORMAT + "=rows")
public final class RowsFormat implements RecordingFormat {
  private static final byte FACTS = 'F';
  private static final byte ROW = 'R';
  private static final byte HOLE = 'H';
  private static final int FRAME_BYTES = 9;
  private static final int MISSING = -1;
  private static final int BLOCK_ROWS = 1024;

  @Override
  public RecordingWriter create(Path file, RecordingPart part) throws IOException {
    WorkingFiles files = new WorkingFiles(file);
    files.checkFree();
    return new Writer(files, part);
  }

  /** Keeps the records that are whole. */
  @Override
  public RecordingRepair repair(Path any) throws IOException {
    WorkingFiles files = WorkingFiles.of(any);
    if (!Files.exists(files.part())) {
      return new RecordingRepair(files.file(), false, describe(files.file()).rows(), 0);
    }
    if (Files.exists(files.file())) {
      throw new FileAlreadyExistsException(files.file().toString());
    }
    long dropped;
    try (FileChannel channel = FileChannel.open(files.part(), StandardOpenOption.WRITE)) {
      if (!WorkingFiles.lock(channel)) {
        throw new IOException(files.file() + " is being recorded");
      }
      long end;
      try (Reader reader = new Reader(files.part(), true)) {
        end = reader.wholeBytes;
      }
      dropped = channel.size() - end;
      channel.truncate(end);
      channel.force(true);
    }
    files.finish();
    return new RecordingRepair(files.file(), true, describe(files.file()).rows(), dropped);
  }

  @Override
  public RecordingSummary describe(Path file) throws IOException {
    try (Reader reader = new Reader(file, false)) {
      return RowSummary.of(reader, Files.size(file), reader.facts);
    }
  }

  @Override
  public RecordingReader open(Path file) throws IOException {
    return new Reader(file, false);
  }

  private static int checksum(byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(body);
    return (int) crc.getValue();
  }

  /** One thread; what the last sync covered outlasts a crash. */
  private static final class Writer implements RecordingWriter {
    private final WorkingFiles files;
    private final FileChannel channel;
    private final DataOutputStream out;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private final int columns;
    private int[] at;

    Writer(WorkingFiles files, RecordingPart part) throws IOException {
      this.files = files;
      channel = WorkingFiles.create(files.part());
      out = new DataOutputStream(waiting);
      columns = part.signals().size();
      List<String> ids = part.signals().stream().map(SignalDescriptor::signalId).toList();
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      DataOutputStream text = new DataOutputStream(body);
      for (Map.Entry<String, String> each : RecordingFacts.of(part, ids).entrySet()) {
        putText(text, each.getKey());
        putText(text, each.getValue());
      }
      record(FACTS, body.toByteArray());
      sync();
    }

    private static void putText(DataOutputStream out, String text) throws IOException {
      byte[] bytes = text.getBytes(UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
    }

    private void record(byte kind, byte[] body) throws IOException {
      out.writeByte(kind);
      out.writeInt(body.length);
      out.write(body);
      out.writeInt(checksum(body));
    }

    @Override
    public void write(RowBlock rows) throws IOException {
      at = new int[columns];
      for (int i = 0; i < rows.count(); i++) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream row = new DataOutputStream(body);
        row.writeLong(rows.row() + i);
        row.writeLong(rows.tick(i));
        for (int column = 0; column < columns; column++) {
          ByteBuffer samples = rows.samples(column);
          if (samples == null) {
            row.writeInt(MISSING);
            continue;
          }
          byte[] sample = new byte[rows.sampleBytes(column, i)];
          samples.get(samples.position() + at[column], sample);
          at[column] += sample.length;
          row.writeInt(sample.length);
          row.write(sample);
        }
        record(ROW, body.toByteArray());
      }
      flush();
    }

    @Override
    public void hole(RecordingHole hole) {
      try {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(body);
        fields.writeUTF(hole.signalId());
        fields.writeUTF(hole.reason());
        fields.writeLong(hole.fromRow());
        fields.writeLong(hole.toRow());
        fields.writeBoolean(hole.isTimeKnown());
        fields.writeLong(hole.fromTick());
        fields.writeLong(hole.toTick());
        record(HOLE, body.toByteArray());
      } catch (IOException e) {
        throw new IllegalStateException(e); // in memory nothing fails
      }
    }

    private void flush() throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(waiting.toByteArray());
      waiting.reset();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    @Override
    public void sync() throws IOException {
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
      try {
        return channel.isOpen() ? channel.size() : Files.size(files.file());
      } catch (IOException e) {
        return 0;
      }
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

  /** Reads all records once for what is in them, then row by row. */
  private static final class Reader implements RecordingReader {
    private final Path file;
    private final FileChannel channel;
    private final RecordingPart part;
    private final Map<String, String> facts = new TreeMap<>();
    private final List<RecordingHole> holes = new ArrayList<>();
    private final CollectedRows block;
    private DataInputStream in;
    private final long wholeBytes; // to the end of the last whole record
    private long end; // of the last record that was read
    private Row waiting;

    private record Row(long row, long tick, List<ByteBuffer> samples) {}

    Reader(Path file, boolean isUnfinished) throws IOException {
      if (!Files.exists(file)) {
        throw new NoSuchFileException(file.toString());
      }
      this.file = file;
      channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        begin();
        for (ByteBuffer record = record(); record != null; record = record()) {
          note(record);
        }
        wholeBytes = end;
        if (!isUnfinished && end < channel.size()) {
          throw new IOException("broken at byte " + end);
        }
        part = RecordingFacts.part(facts);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw new IOException(file + ": " + e.getMessage(), e);
      }
      block = new CollectedRows(part.domain(), part.signals(), BLOCK_ROWS);
      begin();
    }

    private void begin() throws IOException {
      channel.position(0);
      end = 0;
      waiting = null;
      in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)));
    }

    /** The next whole record, its kind first; {@code null} where there is none. */
    private ByteBuffer record() throws IOException {
      long left = channel.size() - end - FRAME_BYTES;
      if (left < 0) {
        return null;
      }
      byte kind = in.readByte();
      int length = in.readInt();
      if (length < 0 || length > left) {
        return null;
      }
      byte[] body = in.readNBytes(length);
      if (in.readInt() != checksum(body)) {
        return null;
      }
      end += FRAME_BYTES + length;
      return ByteBuffer.allocate(1 + length).put(kind).put(body).flip();
    }

    private void note(ByteBuffer record) {
      byte kind = record.get();
      if (kind == FACTS) {
        while (record.hasRemaining()) {
          facts.put(text(record, record.getInt()), text(record, record.getInt()));
        }
      } else if (kind == HOLE) {
        String signalId = text(record, record.getShort());
        String reason = text(record, record.getShort());
        holes.add(
            new RecordingHole(
                signalId,
                reason,
                record.getLong(),
                record.getLong(),
                record.get() != 0,
                record.getLong(),
                record.getLong()));
      }
    }

    private static String text(ByteBuffer record, int length) {
      byte[] bytes = new byte[length];
      record.get(bytes);
      return new String(bytes, UTF_8);
    }

    @Override
    public RecordingPart part() {
      return part;
    }

    @Override
    public List<RecordingHole> holes() {
      return holes;
    }

    private Row read() throws IOException {
      ByteBuffer record = record();
      while (record != null && record.get() != ROW) {
        record = record();
      }
      if (record == null) {
        return null;
      }
      long row = record.getLong();
      long tick = record.getLong();
      List<ByteBuffer> samples = new ArrayList<>();
      for (int i = 0; i < part.signals().size(); i++) {
        int size = record.getInt();
        samples.add(size == MISSING ? null : record.slice(record.position(), size));
        record.position(record.position() + Math.max(0, size));
      }
      return new Row(row, tick, samples);
    }

    @Override
    public RowBlock next() throws IOException {
      block.clear();
      Row row = waiting == null ? read() : waiting;
      if (row == null) {
        return null;
      }
      while (row != null && block.add(row.row(), row.tick(), row.samples())) {
        row = read();
      }
      waiting = row;
      return block;
    }

    @Override
    public void seek(long tick) throws IOException {
      begin();
      Row row = read();
      while (row != null && row.tick() < tick) {
        row = read();
      }
      waiting = row;
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // It was only read.
      }
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }
}
