/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;

/** A WAV file: each channel a signal, on a linear domain. */
final class WavRecording implements Recording {
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final FileChannel file;
  private final WavHeader header;
  private final SamplePeriod period;
  private final ByteBuffer frames;
  private final Object[] samples;
  private final int limitFrames;
  private long position;
  private long playedFrames;
  private int count;

  WavRecording(Path path) throws IOException {
    file = FileChannel.open(path);
    try {
      header = WavHeader.read(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    period = new SamplePeriod(1, header.rateHz());
    limitFrames = Math.max(1, BLOCK_LIMIT_VALUES / header.channels());
    frames = ByteBuffer.allocate(limitFrames * header.frameBytes()).order(header.order());
    samples = new Object[header.channels()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = header.format().allocate(limitFrames);
    }
  }

  @Override
  public SignalDescriptor domain(String idPrefix) {
    return period.domain(idPrefix + TIME);
  }

  @Override
  public List<SignalDescriptor> signals(String idPrefix) {
    List<SignalDescriptor> signals = new ArrayList<>();
    for (int i = 0; i < header.channels(); i++) {
      signals.add(
          SignalDescriptor.value(idPrefix + i, header.format().dataType())
              .name("Channel " + (i + 1))
              .description("Channel " + (i + 1) + " of " + header.channels() + " of a WAV file")
              .range(header.format().range().low(), header.format().range().high())
              .metadata(Map.of("sampleRateHz", String.valueOf(header.rateHz())))
              .build());
    }
    return signals;
  }

  @Override
  public int read(long spanNanos) throws IOException {
    long inSpan = (long) ((double) spanNanos * header.rateHz() / NANOS_PER_SECOND);
    long wanted = Math.min(Math.max(1, inSpan), limitFrames);
    count = (int) Math.min(wanted, header.frames() - position);
    if (count == 0) {
      return 0;
    }
    frames.clear().limit(count * header.frameBytes());
    long from = header.firstByte() + position * header.frameBytes();
    while (frames.hasRemaining()) {
      if (file.read(frames, from + frames.position()) < 0) {
        throw DamagedFileException.atByte(file.size(), "the file became shorter while it was read");
      }
    }
    for (int i = 0; i < samples.length; i++) {
      header
          .format()
          .deinterleave(
              frames, i * header.format().bytes(), header.frameBytes(), samples[i], count);
    }
    position += count;
    playedFrames += count;
    return count;
  }

  @Override
  public String about() {
    int channels = header.channels();
    return "plays %s %s of %s at %s Hz%s"
        .formatted(
            channels,
            channels == 1 ? "channel" : "channels",
            header.format(),
            header.rateHz(),
            header.remark());
  }

  @Override
  public boolean isWhole() {
    return header.remark().isEmpty();
  }

  @Override
  public long elapsedNanos() {
    return period.elapsedNanos(playedFrames - 1);
  }

  @Override
  public WriteResult write(SignalTable table, long startNanos) {
    return table.write(period.tick(startNanos, playedFrames - count), samples, 0, count);
  }

  @Override
  public void rewind() {
    position = 0;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
