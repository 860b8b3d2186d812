/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
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
import org.osgi.service.metatype.annotations.Option;

/**
 * Sends the blocks of one signal on an output stream, see {@link Frame}. Blocks that come while the
 * stream is not open or its queue is full are not kept; the latter are counted in the log.
 */
@Component(
    immediate = true,
    configurationPid = SignalToStream.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SignalToStream.Config.class, factory = true)
public final class SignalToStream implements SignalSink {

  static final String PID = "org.daqstream.bridge.signal2stream";

  /** Configuration of one bridge. */
  @ObjectClassDefinition(
      name = "daqstream signal to stream",
      description = "Sends the blocks of a signal on a stream.")
  @interface Config {

    @AttributeDefinition(name = "Signal id", description = "A value signal, of any data type.")
    String signalId();

    @AttributeDefinition(
        name = "Instance",
        description = "The manifest's module instance that the bridge stands for.")
    String instance();

    @AttributeDefinition(name = "Stream", description = "Name of an output of that instance.")
    String stream();

    @AttributeDefinition(
        name = "Frame",
        description =
            "payload: the samples as clients get them, little endian. stamped: in front of them"
                + " uint32 bytes that follow, uint32 samples, int64 domain value of the first,"
                + " int64 ticks between two (0: an int64 domain value for each follows).",
        options = {
          @Option(label = "Payload", value = "payload"),
          @Option(label = "Stamped", value = "stamped")
        })
    String frame() default "payload";

    @AttributeDefinition(
        name = "Largest message (bytes)",
        description = "Longer blocks are cut between samples; a longer sample is dropped.",
        min = "64",
        max = "1073741824")
    int maxMessageBytes() default 1_048_576;

    @AttributeDefinition(
        name = "Retry (ms)",
        description = "Shortest time between two attempts to open the stream.",
        min = "10",
        max = "60000")
    int retryMs() default 1000;
  }

  /** A configuration that can be used. */
  record Settings(
      String signalId,
      String instance,
      String stream,
      Frame frame,
      int maxMessageBytes,
      int retryMs) {
    /**
     * Checks a configuration.
     *
     * @throws IllegalArgumentException naming the key that is wrong
     */
    static Settings of(Config config) {
      Keys keys = new Keys(PID);
      return new Settings(
          keys.text("signalId", config.signalId(), SignalDescriptor.SIGNAL_ID_LIMIT_CHARS),
          keys.text("instance", config.instance(), 255),
          keys.text("stream", config.stream(), 255),
          keys.choice("frame", config.frame(), Frame.class),
          keys.number("maxMessageBytes", config::maxMessageBytes, 64, 1 << 30),
          keys.number("retryMs", config::retryMs, 10, 60_000));
    }
  }

  // All are null while the configuration cannot be used.
  private final Settings settings;
  private final StreamClient client;
  private final StreamKeeper keeper;
  private final DropLog drops;

  /** Begins to open the stream; with a wrong configuration only says so. */
  @Activate
  public SignalToStream(@Reference StreamRegister streams, Config config) {
    settings = Keys.usable(() -> Settings.of(config));
    if (settings == null) {
      client = null;
      keeper = null;
      drops = null;
      return;
    }
    String name =
        "signal " + settings.signalId() + " to " + settings.instance() + "/" + settings.stream();
    drops = new DropLog(name);
    client = streams.client(settings.instance());
    keeper =
        new StreamKeeper(
            client,
            name,
            settings.retryMs(),
            listener -> client.openOutput(settings.stream(), listener));
    keeper.start();
  }

  @Override
  public TableTap openTable(SignalDescriptor domain) {
    return new Table(domain);
  }

  long dropped() {
    return drops.dropped();
  }

  /** The signal may be of any table. */
  private final class Table implements TableTap {

    private SignalDescriptor domain;
    private BlockSender sender;

    Table(SignalDescriptor domain) {
      this.domain = domain;
    }

    @Override
    public SignalTap openSignal(SignalDescriptor value, SignalWriter writer) {
      if (settings == null || !value.signalId().equals(settings.signalId())) {
        return SignalTap.IGNORING;
      }
      sender = new BlockSender(client, keeper, settings.frame(), settings.maxMessageBytes(), drops);
      sender.domain(domain);
      sender.update(value, writer);
      return sender;
    }

    @Override
    public void updateDomain(SignalDescriptor changed) {
      domain = changed;
      if (sender != null) {
        sender.domain(changed);
      }
    }

    @Override
    public void close() {}
  }

  @Deactivate
  void deactivate() {
    if (settings != null) {
      keeper.close();
      drops.close();
    }
  }
}
