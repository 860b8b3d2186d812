/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalPort;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamRegister;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Publishes what an input stream receives as a signal: each chunk or message is one {@code binary}
 * sample, stamped in nanoseconds since 1970 when it reaches the bridge. The signal is there from
 * activation to deactivation, whatever the stream does. Empty messages make no sample.
 */
@Component(
    immediate = true,
    service = {},
    configurationPid = StreamToSignal.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = StreamToSignal.Config.class, factory = true)
public final class StreamToSignal {

  static final String PID = "org.daqstream.bridge.stream2signal";

  private static final String TIME_SUFFIX = "/time";

  /** Configuration of one bridge. */
  @ObjectClassDefinition(
      name = "daqstream stream to signal",
      description = "Publishes what a stream receives as a signal of binary samples.")
  @interface Config {

    @AttributeDefinition(
        name = "Instance",
        description = "The manifest's module instance that the bridge stands for.")
    String instance();

    @AttributeDefinition(name = "Stream", description = "Name of an input of that instance.")
    String stream();

    @AttributeDefinition(
        name = "Signal id",
        description = "1 to 250 characters; the domain signal gets '/time' at the end.")
    String signalId();

    @AttributeDefinition(
        name = "Content type",
        description = "Media type of the samples, told to clients.")
    String contentType() default "application/octet-stream";

    @AttributeDefinition(
        name = "Largest sample (bytes)",
        description = "Longer messages are dropped and counted.",
        min = "1",
        max = "1073741824")
    int maxSampleBytes() default 16_777_216;

    @AttributeDefinition(
        name = "Retry (ms)",
        description = "Shortest time between two attempts to open the stream.",
        min = "10",
        max = "60000")
    int retryMs() default 1000;
  }

  /** A configuration that can be used. */
  record Settings(
      String instance,
      String stream,
      String signalId,
      String contentType,
      int maxSampleBytes,
      int retryMs) {
    /**
     * Checks a configuration.
     *
     * @throws IllegalArgumentException naming the key that is wrong
     */
    static Settings of(Config config) {
      Keys keys = new Keys(PID);
      return new Settings(
          keys.text("instance", config.instance(), 255),
          keys.text("stream", config.stream(), 255),
          keys.text(
              "signalId",
              config.signalId(),
              SignalDescriptor.SIGNAL_ID_LIMIT_CHARS - TIME_SUFFIX.length()),
          keys.text("contentType", config.contentType(), 255),
          keys.number("maxSampleBytes", config::maxSampleBytes, 1, 1 << 30),
          keys.number("retryMs", config::retryMs, 10, 60_000));
    }
  }

  private final LongSupplier clock;
  private final long[] tick = new long[1];

  // All are null while the configuration cannot be used.
  private final Settings settings;
  private final SignalPort port;
  private final DropLog drops;
  private final StreamKeeper keeper;

  /**
   * Publishes the signal and begins to open the stream; with a wrong configuration, or a signal id
   * that is taken, only says so.
   */
  @Activate
  public StreamToSignal(
      @Reference SignalRegistry signals, @Reference StreamRegister streams, Config config) {
    this(signals, streams, config, steadyClock());
  }

  /** The clock gives nanoseconds since 1970-01-01. */
  StreamToSignal(
      SignalRegistry signals, StreamRegister streams, Config config, LongSupplier clock) {
    this.clock = clock;
    settings = Keys.usable(() -> Settings.of(config));
    port = settings == null ? null : Keys.usable(() -> publish(signals, settings));
    if (port == null) {
      drops = null;
      keeper = null;
      return;
    }
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
    keeper.start();
  }

  private static SignalPort publish(SignalRegistry signals, Settings settings) {
    return signals.open(
        SignalDescriptor.explicitTime(settings.signalId() + TIME_SUFFIX),
        SignalDescriptor.value(settings.signalId(), DataTypes.BINARY)
            .description("Stream " + settings.stream() + " of " + settings.instance())
            .metadata(Map.of(SignalDescriptor.CONTENT_TYPE, settings.contentType()))
            .build());
  }

  /** The wall clock of now, from now on without its jumps. */
  private static LongSupplier steadyClock() {
    Instant now = Instant.now();
    long offset =
        TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
    return () -> System.nanoTime() + offset;
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

  @Deactivate
  void deactivate() {
    if (port != null) {
      keeper.close();
      port.close();
      drops.close();
    }
  }
}
