/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.recorder.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;

/** Checked values of a recorder's configuration. */
record Settings(
    Path folder,
    List<String> signals,
    String format,
    Start start,
    Schedule schedule,
    TriggerSettings trigger,
    int bufferBytes,
    long segmentBytes,
    int segmentSeconds,
    long minFreeBytes,
    Retention retention,
    long keepBytes,
    int keepHours) {
  private static final int TEXT_CHARS = 1000;

  /** When it records. */
  enum Start {
    /** From the beginning. */
    ALWAYS,
    /** When it is told to. */
    COMMAND,
    /** At certain times of the day. */
    SCHEDULE,
    /** When a signal does something. */
    TRIGGER
  }

  /**
   * What has it record, and what of it.
   *
   * @param signal the id; empty for none
   * @param condition what it does
   * @param preNanos how much of before is recorded
   * @param postNanos how much of behind
   * @param holdOffNanos how long behind one that has it record others do not
   * @param memoryBytes most that is kept in memory for that
   */
  record TriggerSettings(
      String signal,
      TriggerCondition condition,
      long preNanos,
      long postNanos,
      long holdOffNanos,
      long memoryBytes) {
    /** What a file tells of it; times are nanoseconds, since 1970 or the domain's beginning. */
    Map<String, String> facts(long at, boolean isAbsolute) {
      Duration since = Duration.ofNanos(at);
      return Map.of(
          "daqstream.trigger",
          "'" + signal + "' " + condition,
          "daqstream.trigger.time",
          isAbsolute ? Instant.EPOCH.plus(since).toString() : since.toString());
    }

    private static TriggerSettings of(Values values) {
      return new TriggerSettings(
          values.text("trigger"),
          new TriggerCondition(
              values.choice("triggerWhen", TriggerCondition.When.class),
              values.decimal("triggerLevel"),
              values.integer("triggerBit")),
          TimeUnit.MILLISECONDS.toNanos(values.integer("preMs")),
          TimeUnit.MILLISECONDS.toNanos(values.integer("postMs")),
          TimeUnit.MILLISECONDS.toNanos(values.integer("holdOffMs")),
          values.whole("preLimitBytes"));
    }
  }

  /** What becomes of complete files. */
  enum Retention {
    /** They stay. */
    KEEP,
    /** The oldest go when there are too many, or the disk is full. */
    DELETE
  }

  /**
   * Reads the values.
   *
   * @param home what a folder is relative to
   */
  static Settings of(Values values, Path home) {
    Retention retention = values.choice("retention", Retention.class);
    long keepBytes = values.whole("keepBytes");
    int keepHours = values.integer("keepHours");
    if (retention == Retention.KEEP && (keepBytes > 0 || keepHours > 0)) {
      String key = keepBytes > 0 ? "keepBytes" : "keepHours";
      throw new RefusedException(key, values.text(key), "needs retention = delete");
    }
    Start start = values.choice("start", Start.class);
    needs(values, "trigger", start == Start.TRIGGER, "start = trigger");
    needs(values, "schedule", start == Start.SCHEDULE, "start = schedule");
    String format = values.text("format", 20);
    if (!format.matches("[A-Za-z0-9]+")) {
      throw new RefusedException("format", format, "must be the ending of file names, parquet say");
    }
    return new Settings(
        home.resolve(values.text("folder", TEXT_CHARS)),
        values.list("signals"),
        format,
        start,
        Schedule.of("schedule", values.list("schedule")),
        TriggerSettings.of(values),
        values.integer("bufferBytes"),
        values.whole("segmentBytes"),
        values.integer("segmentSeconds"),
        values.whole("minFreeBytes"),
        retention,
        keepBytes,
        keepHours);
  }

  /** A key that another one needs, and that means nothing without it. */
  private static void needs(Values values, String key, boolean isNeeded, String other) {
    if (isNeeded && !values.isSet(key)) {
      throw new RefusedException(key, values.text(key), "must be given with " + other);
    }
    if (!isNeeded && values.isSet(key)) {
      throw new RefusedException(key, values.text(key), "needs " + other);
    }
  }
}
