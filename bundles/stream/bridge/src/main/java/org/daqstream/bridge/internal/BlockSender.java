/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamResult;

/**
 * The end of the bridged signal: each block becomes a message, or several when it is larger than
 * the limit or its samples differ in length (then each sample is one).
 */
final class BlockSender implements SignalTap {
  private static final int FIRST_BUFFER_BYTES = 8192;

  private final StreamClient client;
  private final StreamKeeper keeper;
  private final MessageForm frame;
  private final int maxMessageBytes;
  private final DropLog drops;
  private volatile SignalWriter writer;
  private volatile long deltaTicks;
  private ByteBuffer message = newBuffer(FIRST_BUFFER_BYTES);

  BlockSender(
      StreamClient client,
      StreamKeeper keeper,
      MessageForm frame,
      int maxMessageBytes,
      DropLog drops) {
    this.client = client;
    this.keeper = keeper;
    this.frame = frame;
    this.maxMessageBytes = maxMessageBytes;
    this.drops = drops;
  }

  private static ByteBuffer newBuffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  void domain(SignalDescriptor domain) {
    deltaTicks = domain.rule() instanceof Rule.Linear linear ? linear.deltaTicks() : 0;
  }

  @Override
  public boolean hasSubscriber() {
    return keeper.handle() != 0;
  }

  @Override
  public WriteResult accept(
      long row, long tick, long[] ticks, Object samples, int offset, int count) {
    int handle = keeper.handle();
    if (handle == 0) {
      return WriteResult.NO_SUBSCRIBER;
    }
    SignalWriter encoder = writer;
    WriteResult worst = WriteResult.ACCEPTED;
    int step = samplesPerMessage(encoder, ticks != null);
    for (int done = 0; done < count; done += step) {
      int from = offset + done;
      long first = ticks == null ? tick + done * deltaTicks : ticks[from];
      int some = Math.min(step, count - done);
      WriteResult result = send(handle, encoder, first, ticks, samples, from, some);
      worst = result == WriteResult.ACCEPTED ? worst : result;
    }
    return worst;
  }

  private int samplesPerMessage(SignalWriter encoder, boolean explicit) {
    int sampleBytes = encoder.sampleBytes();
    if (sampleBytes == SignalWriter.VARIABLE) {
      return 1;
    }
    long fixed = frame.headerBytes(explicit, 0);
    long each = sampleBytes + frame.headerBytes(explicit, 1) - fixed;
    return (int) Math.max(1, (maxMessageBytes - fixed) / each);
  }

  private WriteResult send(
      int handle,
      SignalWriter encoder,
      long tick,
      long[] ticks,
      Object samples,
      int offset,
      int count) {
    int sampleBytes = encoder.sampleBytes();
    int payload =
        sampleBytes == SignalWriter.VARIABLE
            ? encoder.encodedBytes(samples, offset, count)
            : count * sampleBytes; // at most the limit, or one sample
    long bytes = frame.headerBytes(ticks != null, count) + payload;
    if (bytes > maxMessageBytes) {
      drops.drop("it has " + bytes + " bytes, maxMessageBytes is " + maxMessageBytes);
      return WriteResult.TOO_LARGE;
    }
    if (bytes > message.capacity()) {
      message = newBuffer((int) Math.min(maxMessageBytes, 2 * bytes));
    }
    message.clear().limit((int) bytes);
    frame.putHeader(message, payload, tick, deltaTicks, ticks, offset, count);
    encoder.encode(samples, offset, count, message);
    StreamResult result = client.write(handle, message.flip());
    if (result == StreamResult.OK) {
      return WriteResult.ACCEPTED;
    }
    drops.drop("the stream gave " + result);
    return result == StreamResult.TOOBIG ? WriteResult.TOO_LARGE : WriteResult.FAILED;
  }

  @Override
  public void update(SignalDescriptor value, SignalWriter newWriter) {
    writer = newWriter;
  }

  @Override
  public void close() {}
}
