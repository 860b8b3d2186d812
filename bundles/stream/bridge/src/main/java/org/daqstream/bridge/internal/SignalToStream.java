/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.bridge.internal;

import java.util.Map;
import java.util.Optional;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.stream.api.StreamRegister;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the blocks of one signal on an output stream, see {@link MessageForm}. Blocks that come
 * while the stream is not open or its queue is full are not kept; the latter are counted in the
 * log.
 */
@Component(
    immediate = true,
    service = {},
    configurationPid = SignalToStream.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SignalToStream.Config.class, factory = true)
public final class SignalToStream {
  static final String PID = "org.daqstream.bridge.signal2stream";

  private static final Logger LOG = LoggerFactory.getLogger(SignalToStream.class);

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

  record Settings(
      String signalId,
      String instance,
      String stream,
      MessageForm frame,
      int maxMessageBytes,
      int retryMs) {
    static Settings of(Values values) {
      return new Settings(
          values.text("signalId", SignalDescriptor.SIGNAL_ID_LIMIT_CHARS),
          values.text("instance", 255),
          values.text("stream", 255),
          values.choice("frame", MessageForm.class),
          values.integer("maxMessageBytes"),
          values.integer("retryMs"));
    }
  }

  private final BundleContext context;
  private final StreamRegister streams;
  private final Configured<Settings> configured =
      new Configured<>(Config.class, PID, "this bridge is off", LOG, Settings::of);

  // Both are null until a configuration can be used.
  private SignalSender sender;
  private ServiceRegistration<SignalSink> sink;

  /** Begins to open the stream; with a wrong configuration only says so. */
  @Activate
  public SignalToStream(
      BundleContext context, @Reference StreamRegister streams, Map<String, Object> properties) {
    this.context = context;
    this.streams = streams;
    modified(properties);
  }

  /** Begins anew with another configuration; a wrong one changes nothing. */
  @Modified
  void modified(Map<String, Object> properties) {
    configured.take(properties, this::use);
  }

  private void use(Settings wanted) {
    if (!Optional.of(wanted).equals(configured.settings())) {
      stop();
      sender = new SignalSender(streams, wanted);
      sink = context.registerService(SignalSink.class, sender, null);
    }
  }

  @Deactivate
  void stop() {
    if (sink != null) {
      sink.unregister();
      sender.close();
      sink = null;
    }
  }
}
