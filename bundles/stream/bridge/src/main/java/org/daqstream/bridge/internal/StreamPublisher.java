/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.LongSupplier;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamRegister;

/** Publishes what an input stream receives, which it opens and keeps open. */
final class StreamPublisher implements AutoCloseable {
  private final StreamToSignal.Settings settings;
  private final LongSupplier clock;
  private final SignalPort port;
  private final DropLog drops;
  private final StreamKeeper keeper;
  private final long[] tick = new long[1];

  /**
   * Publishes the signal and begins to open the stream; the clock gives nanoseconds since
   * 1970-01-01.
   *
   * @throws IllegalArgumentException when the signal's id is taken; nothing has begun then
   */
  StreamPublisher(
      SignalRegistry signals,
      StreamRegister streams,
      StreamToSignal.Settings settings,
      LongSupplier clock) {
    this.settings = settings;
    this.clock = clock;
    port =
        signals.open(
            SignalDescriptor.explicitTime(settings.signalId() + StreamToSignal.TIME_SUFFIX),
            SignalDescriptor.value(settings.signalId(), DataTypes.BINARY)
                .description("Stream " + settings.stream() + " of " + settings.instance())
                .metadata(Map.of(SignalDescriptor.CONTENT_TYPE, settings.contentType()))
                .build());
    String name =
        settings.instance() + "/" + settings.stream() + " to signal " + settings.signalId();
    drops = new DropLog(name);
    StreamClient client = streams.client(settings.instance());
    keeper =
        new StreamKeeper(
            client,
            name,
            settings.retryMs(),
            listener ->
                client.openInput(settings.stream(), (peer, data) -> received(data), listener));
  }

  private void received(ByteBuffer data) {
    int bytes = data.remaining();
    if (bytes == 0) {
      return;
    }
    if (bytes > settings.maxSampleBytes()) {
      drops.drop("it has " + bytes + " bytes, maxSampleBytes is " + settings.maxSampleBytes());
      return;
    }
    tick[0] = clock.getAsLong();
    try {
      WriteResult result = port.write(tick, data, 0, 1);
      if (result == WriteResult.TOO_LARGE || result == WriteResult.FAILED) {
        drops.drop("the signal gave " + result + " for " + bytes + " bytes");
      }
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      drops.drop(String.valueOf(e.getMessage()));
    }
  }

  long dropped() {
    return drops.dropped();
  }

  @Override
  public void close() {
    keeper.close();
    port.close();
    drops.close();
  }
}
