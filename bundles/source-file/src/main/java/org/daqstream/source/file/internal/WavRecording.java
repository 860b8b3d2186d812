/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalTable;
import org.daqstream.signal.api.WriteResult;

/**
 * A WAV file: each channel a signal, on a linear domain. Ticks are nanoseconds if the distance of
 * samples is a whole number of them, else that distance, so times are exact at every rate.
 */
final class WavRecording implements Recording {
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final FileChannel file;
  private final WavHeader header;
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
    limitFrames = Math.max(1, BLOCK_LIMIT_VALUES / header.channels());
    frames = ByteBuffer.allocate(limitFrames * header.frameBytes()).order(ByteOrder.LITTLE_ENDIAN);
    samples = new Object[header.channels()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = header.format().allocate(limitFrames);
    }
  }

  private boolean ticksAreNanos() {
    return NANOS_PER_SECOND % header.rateHz() == 0;
  }

  @Override
  public SignalDescriptor domain(String signalId) {
    long rateHz = header.rateHz();
    return SignalDescriptor.linearTime(signalId, 1).toBuilder()
        .resolution(new Resolution(1, ticksAreNanos() ? NANOS_PER_SECOND : rateHz))
        .rule(new Rule.Linear(ticksAreNanos() ? NANOS_PER_SECOND / rateHz : 1))
        .build();
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
  public long elapsedNanos() {
    long last = playedFrames - 1;
    long rateHz = header.rateHz();
    return last / rateHz * NANOS_PER_SECOND + last % rateHz * NANOS_PER_SECOND / rateHz;
  }

  @Override
  public WriteResult write(SignalTable table, long startNanos) {
    return table.write(tick(startNanos, playedFrames - count), samples, 0, count);
  }

  private long tick(long startNanos, long frame) {
    long rateHz = header.rateHz();
    if (ticksAreNanos()) {
      return startNanos + frame * (NANOS_PER_SECOND / rateHz);
    }
    long seconds = Math.floorDiv(startNanos, NANOS_PER_SECOND);
    long rest = Math.floorMod(startNanos, NANOS_PER_SECOND);
    return seconds * rateHz + rest * rateHz / NANOS_PER_SECOND + frame;
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
