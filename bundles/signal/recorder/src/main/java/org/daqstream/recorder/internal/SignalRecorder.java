/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.nio.file.Path;
import java.util.Map;
import org.daqstream.base.support.Home;
import org.daqstream.config.support.Configured;
import org.daqstream.config.support.Values;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records signals of the runtime, once for each configuration. */
@Component(
    immediate = true,
    service = {},
    configurationPid = SignalRecorder.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SignalRecorder.Config.class, factory = true)
public final class SignalRecorder {
  static final String PID = "org.daqstream.recorder";

  private static final Logger LOG = LoggerFactory.getLogger(SignalRecorder.class);

  @ObjectClassDefinition(
      name = "daqstream recorder",
      description = "Records signals of this runtime to files.")
  @interface Config {
    @AttributeDefinition(description = "Where the files go; relative to the folder of the runtime")
    String folder() default "recordings";

    @AttributeDefinition(
        description =
            "Ids of the signals: * is any text without a slash, ** any text, ? one character")
    String[] signals() default {"**"};

    @AttributeDefinition(
        description = "Format of the files, by their ending; a bundle with it must be there")
    String format() default "parquet";

    @AttributeDefinition(
        description =
            "When it records: from the beginning; when it is told to; at the times of 'schedule';"
                + " when 'trigger' does what 'triggerWhen' says",
        options = {
          @Option(label = "Always", value = "always"),
          @Option(label = "On command", value = "command"),
          @Option(label = "By schedule", value = "schedule"),
          @Option(label = "By trigger", value = "trigger")
        })
    String start() default "always";

    @AttributeDefinition(
        description = "With start = schedule: times of the day by the local clock, as 08:00-17:00")
    String[] schedule() default {};

    @AttributeDefinition(description = "With start = trigger: id of the signal that is looked at")
    String trigger() default "";

    @AttributeDefinition(
        description =
            "What has it record: as long as samples are above or below 'triggerLevel', or"
                + " 'triggerBit' is set; or an edge where they get above or below it",
        options = {
          @Option(label = "Above the level", value = "above"),
          @Option(label = "Below the level", value = "below"),
          @Option(label = "Rising above the level", value = "rising"),
          @Option(label = "Falling below the level", value = "falling"),
          @Option(label = "A bit is set", value = "bit")
        })
    String triggerWhen() default "above";

    @AttributeDefinition(
        description = "The level, in the unit of the signal",
        min = "-1e300",
        max = "1e300")
    double triggerLevel() default 0;

    @AttributeDefinition(description = "The bit, from 0", min = "0", max = "63")
    int triggerBit() default 0;

    @AttributeDefinition(
        description = "How much of before the trigger is recorded",
        min = "0",
        max = "3600000")
    int preMs() default 1_000;

    @AttributeDefinition(
        description = "How much of behind the trigger is recorded",
        min = "0",
        max = "86400000")
    int postMs() default 1_000;

    @AttributeDefinition(
        description =
            "So long behind one that begins a recording others are passed over; 0: none is",
        min = "0",
        max = "86400000")
    int holdOffMs() default 0;

    @AttributeDefinition(
        description = "Memory for what comes before a trigger, of all signals together",
        min = "65536",
        max = "4000000000")
    long preLimitBytes() default 67_108_864;

    @AttributeDefinition(
        description = "A file ends when it has so many bytes; 0: whatever its size",
        min = "0",
        max = "1000000000000000")
    long segmentBytes() default 1_000_000_000;

    @AttributeDefinition(
        description =
            "A file ends after so many seconds, counted from 1970, so that hours begin at the hour;"
                + " 0: whatever its length",
        min = "0",
        max = "31536000")
    int segmentSeconds() default 3_600;

    @AttributeDefinition(
        description = "Memory for what the disk is too slow for; beyond that samples are left out",
        min = "65536",
        max = "1073741824")
    int bufferBytes() default 33_554_432;

    @AttributeDefinition(
        description = "When less is left of the disk nothing is written until there is more",
        min = "0",
        max = "1000000000000000")
    long minFreeBytes() default 1_000_000_000;

    @AttributeDefinition(
        description =
            "What becomes of complete files: they stay, or the oldest of this recorder are deleted"
                + " when the disk is too full or there are more than is to be kept",
        options = {
          @Option(label = "Keep", value = "keep"),
          @Option(label = "Delete", value = "delete")
        })
    String retention() default "keep";

    @AttributeDefinition(
        description = "With retention = delete: most bytes of all files together; 0 for any",
        min = "0",
        max = "1000000000000000")
    long keepBytes() default 0;

    @AttributeDefinition(
        description = "With retention = delete: how old files may get; 0 for any age",
        min = "0",
        max = "1000000")
    int keepHours() default 0;
  }

  private final BundleContext context;
  private final String name;
  private final Configured<Settings> configured;
  private RunningRecorder running; // null until a configuration can be used

  /** Begins to record, or waits for what it needs. */
  @Activate
  public SignalRecorder(BundleContext context, Map<String, Object> properties) {
    this.context = context;
    name = Values.nameOf(PID, properties).orElse("recorder");
    Path home = Home.of(context::getProperty);
    configured =
        new Configured<>(
            Config.class, PID, "nothing is recorded", LOG, values -> Settings.of(values, home));
    modified(properties);
  }

  /** Completes the files and begins anew, if anything is different. */
  @Modified
  void modified(Map<String, Object> properties) {
    configured.take(properties, this::use);
  }

  private void use(Settings wanted) {
    if (configured.settings().filter(wanted::equals).isPresent()) {
      return;
    }
    stop();
    running = RunningRecorder.start(context, name, wanted);
  }

  /** Completes the files. */
  @Deactivate
  void stop() {
    RunningRecorder last = running;
    running = null;
    if (last != null) {
      last.close();
    }
  }
}
