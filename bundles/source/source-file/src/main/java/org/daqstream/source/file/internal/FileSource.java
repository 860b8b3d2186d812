/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.daqstream.base.support.ForeignText;
import org.daqstream.base.support.Home;
import org.daqstream.base.support.SteadyClock;
import org.daqstream.base.support.Worker;
import org.daqstream.config.support.Configured;
import org.daqstream.player.api.Player;
import org.daqstream.recording.api.RecordingFormat;
import org.daqstream.signal.api.SignalRegistry;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays the WAV and CSV files and the recordings of a folder for each configuration; without one it
 * does nothing.
 */
@Component(configurationPid = FileSource.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = FileSource.Config.class, factory = true)
public final class FileSource {
  static final String PID = "org.daqstream.source.file";

  private static final Logger LOG = LoggerFactory.getLogger(FileSource.class);

  @ObjectClassDefinition(
      name = "daqstream file source",
      description =
          "Plays WAV, CSV and recorded files: each file a table, each channel or column a signal")
  @interface Config {
    @AttributeDefinition(
        name = "Path",
        description =
            "A folder, whose .wav, .csv and recorded files come and go, or one such file. Relative to the"
                + " framework property daqstream.home, without one to the working directory")
    String path() default "";

    @AttributeDefinition(
        name = "Prefix",
        description = "Signals are named prefix/file/channel, their domain prefix/file/time")
    String prefix() default "file";

    @AttributeDefinition(
        name = "Speed",
        description =
            "1: real time, n: n times faster (up to 1000000), 0: as fast as 'Values per second'"
                + " allows, max: as fast as it goes")
    String speed() default "1";

    @AttributeDefinition(
        name = "Values per second",
        description =
            "For speed 0 and files that are followed: the most values of all signals of a file",
        min = "1",
        max = "1000000000")
    int valuesPerSecond() default 1_000_000;

    @AttributeDefinition(
        name = "Loop",
        description = "Whether a file begins again at its end; else its signals go")
    boolean loop() default true;

    @AttributeDefinition(
        name = "Absolute time",
        description =
            "Whether the samples of a CSV file keep its times; else its first row is now and the"
                + " others keep their distance")
    boolean absoluteTime() default false;

    @AttributeDefinition(
        name = "Time column",
        description =
            "Its name in the header of a CSV file, with or without unit; empty: the one whose name,"
                + " unit or dates tell that it is the time")
    String timeColumn() default "";

    @AttributeDefinition(
        name = "Rate (Hz)",
        description =
            "Rows per second of CSV files and recordings without times, unless the file tells it;"
                + " formerly rowsPerSecond",
        min = "0.001",
        max = "100000000")
    double rateHz() default 1000;

    @AttributeDefinition(
        name = "Follow",
        description =
            "Whether CSV files are being written: each row is played when its line has ended, the"
                + " signals stay, and the file does not begin again")
    boolean follow() default false;

    @AttributeDefinition(
        name = "From",
        description =
            "Recordings: where to begin, in seconds from their beginning (12.5) or as a time"
                + " (2026-01-31T12:00:00Z); empty: at the beginning")
    String from() default "";

    @AttributeDefinition(
        name = "To",
        description = "Recordings: where to end, told in the same ways; empty: at the end")
    String to() default "";

    @AttributeDefinition(
        name = "Sequence",
        description =
            "Whether the recordings of a table in the folder are played one behind the other, as one;"
                + " signals are named prefix/signal then")
    boolean sequence() default false;

    @AttributeDefinition(
        name = "Scan (ms)",
        description = "How often to look for files that came, changed or went",
        min = "100",
        max = "3600000")
    int scanMs() default 1000;
  }

  private final SignalRegistry registry;
  private final Configured<Settings> configured;
  private final Function<Player, Runnable> players;
  private final FileFormats formats = new FileFormats();
  private final LongSupplier clock;
  private Worker worker; // null until a configuration can be used

  /** Starts to play, as {@link Config} says. */
  @Activate
  public FileSource(
      @Reference SignalRegistry registry, BundleContext context, Map<String, Object> properties) {
    this(registry, Home.of(context::getProperty), properties, player -> add(context, player));
  }

  /** Where nobody looks at players. */
  FileSource(SignalRegistry registry, Path home, Map<String, ?> properties) {
    this(registry, home, properties, player -> () -> {});
  }

  FileSource(
      SignalRegistry registry,
      Path home,
      Map<String, ?> properties,
      Function<Player, Runnable> players) {
    this.registry = registry;
    this.players = players;
    configured =
        new Configured<>(
            Config.class, PID, "nothing is played", LOG, values -> Settings.of(values, home));
    clock = new SteadyClock();
    modified(properties);
  }

  /** Lets people see a player, until what it gives is run. */
  private static Runnable add(BundleContext context, Player player) {
    try {
      ServiceRegistration<Player> service = context.registerService(Player.class, player, null);
      return () -> {
        try {
          service.unregister();
        } catch (IllegalStateException e) {
          // the bundle was stopped and has taken it along
        }
      };
    } catch (IllegalStateException e) {
      return () -> {}; // the bundle stops, and what is played with it
    }
  }

  /** Reads recordings of its kind, as long as it is there. */
  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeFormat")
  void addFormat(RecordingFormat format, Map<String, Object> properties) {
    Object endings = properties.get(RecordingFormat.RECORDING_FORMAT);
    formats.add(format, endings instanceof String[] many ? List.of(many) : List.of("" + endings));
  }

  void removeFormat(RecordingFormat format) {
    formats.remove(format);
  }

  private void watch(Worker self, Settings now) {
    WatchedFolder files =
        new WatchedFolder(
            now.path(),
            now.sequence() ? formats::ownOf : formats::of,
            (file, format) -> play(now, file, format),
            format -> now.follow() && format == FileFormat.CSV);
    WatchedTables tables =
        new WatchedTables(now.path(), formats, (format, order) -> play(now, format, order));
    self.repeat(
        () -> {
          files.scan();
          if (now.sequence()) {
            tables.scan();
          }
          return TimeUnit.MILLISECONDS.toNanos(now.scanMs());
        },
        fault -> LOG.error("{}: the folder could not be looked at", now.prefix(), fault));
    files.close();
    tables.close();
  }

  private PlayedFile play(Settings now, Path file, FileFormat format) {
    String fileName = ForeignText.plain(file.getFileName().toString());
    return new PlayedFile(
        registry,
        now,
        new PlayedFile.Subject(
            file.toString(),
            now.prefix() + "/" + fileName + "/",
            () -> format.open(file, now),
            now.follow() && format == FileFormat.CSV),
        players,
        clock);
  }

  private PlayedFile play(Settings now, RecordingFormat format, PlayedTable.Order order) {
    return new PlayedFile(
        registry,
        now,
        new PlayedFile.Subject(
            order.first().toString(),
            now.prefix() + "/",
            () -> new PlayedTable(format, order, now),
            false),
        players,
        clock);
  }

  /** Plays all files from their beginning, unless nothing changed or a value is refused. */
  @Modified
  void modified(Map<String, ?> properties) {
    configured.take(properties, this::use);
  }

  private void use(Settings wanted) {
    if (!Optional.of(wanted).equals(configured.settings())) {
      deactivate();
      worker = Worker.start("daqstream-files-" + wanted.prefix(), self -> watch(self, wanted));
    }
  }

  @Deactivate
  void deactivate() {
    if (worker != null) {
      worker.stop();
    }
  }
}
