/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.daqstream.base.support.SteadyClock;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.stream.api.StreamRegister;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  static final String TIME_SUFFIX = "/time";

  private static final Logger LOG = LoggerFactory.getLogger(StreamToSignal.class);

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

  record Settings(
      String instance,
      String stream,
      String signalId,
      String contentType,
      int maxSampleBytes,
      int retryMs) {
    static Settings of(Values values) {
      return new Settings(
          values.text("instance", 255),
          values.text("stream", 255),
          values.text("signalId", SignalDescriptor.SIGNAL_ID_LIMIT_CHARS - TIME_SUFFIX.length()),
          values.text("contentType", 255),
          values.integer("maxSampleBytes"),
          values.integer("retryMs"));
    }
  }

  private final SignalRegistry signals;
  private final StreamRegister streams;
  private final LongSupplier clock;
  private final Configured<Settings> configured =
      new Configured<>(Config.class, PID, "this bridge is off", LOG, Settings::of);
  private StreamPublisher publisher; // null until a configuration can be used

  /**
   * Publishes the signal and begins to open the stream; with a wrong configuration, or a signal id
   * that is taken, only says so.
   */
  @Activate
  public StreamToSignal(
      @Reference SignalRegistry signals,
      @Reference StreamRegister streams,
      Map<String, Object> properties) {
    this(signals, streams, properties, new SteadyClock());
  }

  /** The clock gives nanoseconds since 1970-01-01. */
  StreamToSignal(
      SignalRegistry signals,
      StreamRegister streams,
      Map<String, Object> properties,
      LongSupplier clock) {
    this.signals = signals;
    this.streams = streams;
    this.clock = clock;
    modified(properties);
  }

  /** Begins anew with another configuration; a wrong one changes nothing. */
  @Modified
  void modified(Map<String, Object> properties) {
    configured.take(properties, this::use);
  }

  private void use(Settings wanted) {
    Optional<Settings> before = configured.settings();
    if (Optional.of(wanted).equals(before)) {
      return;
    }
    if (before.map(Settings::signalId).filter(wanted.signalId()::equals).isPresent()) {
      stop(); // the id is free only then
    }
    StreamPublisher opened = new StreamPublisher(signals, streams, wanted, clock);
    stop();
    publisher = opened;
  }

  long dropped() {
    return publisher.dropped();
  }

  @Deactivate
  void stop() {
    if (publisher != null) {
      publisher.close();
      publisher = null;
    }
  }
}
