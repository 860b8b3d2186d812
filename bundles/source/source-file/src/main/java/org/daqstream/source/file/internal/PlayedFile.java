/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.daqstream.base.support.ForeignText;
import org.daqstream.base.support.ProblemLog;
import org.daqstream.base.support.Worker;
import org.daqstream.player.api.Player;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalRegistry;
import org.daqstream.signal.api.SignalTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with a thread of its own, so that a slow disk or a damaged file holds up no other. Its
 * signals are there from the moment its beginning was read until its end, its first error or {@link
 * #stop}.
 */
final class PlayedFile {
  /** Reads the beginning of what is to be played. */
  interface Opener {
    Recording open() throws IOException;
  }

  /**
   * What is played.
   *
   * @param path for people
   * @param idPrefix what the ids of its signals begin with
   * @param opener opens it, perhaps again
   * @param isFollowed whether it is being written
   */
  record Subject(String path, String idPrefix, Opener opener, boolean isFollowed) {
    /** Whether the ids of its signals do not begin with its own name. */
    boolean isTable(Settings settings) {
      return idPrefix.equals(settings.prefix() + "/");
    }

    /** What the ids of its signals begin with. */
    String playerName() {
      return idPrefix.substring(0, idPrefix.length() - 1);
    }

    String shortName() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(PlayedFile.class);

  private final SignalRegistry registry;
  private final Settings settings;
  private final Function<Player, Runnable> players;
  private final Subject subject;
  private final String name;
  private final LongSupplier clock;
  private volatile boolean ended;
  private final Worker worker;

  /**
   * Begins.
   *
   * @param players lets people see what plays, until what it gives is run
   * @param clock gives nanoseconds since 1970-01-01
   */
  PlayedFile(
      SignalRegistry registry,
      Settings settings,
      Subject subject,
      Function<Player, Runnable> players,
      LongSupplier clock) {
    this.registry = registry;
    this.players = players;
    this.settings = settings;
    this.subject = subject;
    this.name = ForeignText.plain(subject.path());
    this.clock = clock;
    worker = Worker.start("daqstream-file-" + subject.shortName(), this::run);
  }

  /** Whether nothing of it is played any more. */
  boolean isEnded() {
    return ended;
  }

  private void run(Worker self) {
    while (playOnce(self) && self.isWanted()) {
      LOG.info("{}: has another content, is played from its beginning", name);
    }
    ended = true;
  }

  /** Whether it is to be played again, as a followed file that began again. */
  private boolean playOnce(Worker self) {
    try (Recording recording = open(self);
        SignalTable table = openTable(recording)) {
      String about = ForeignText.plain(recording.about());
      if (recording.isWhole()) {
        LOG.info("{}: {}", name, about);
      } else {
        LOG.warn("{}: {}", name, about);
      }
      play(
          self,
          recording,
          new Playback(what -> LOG.warn("{}: {}", name, what), settings, recording, table, clock));
    } catch (GrowingText.BegunAnewException e) {
      return true;
    } catch (DamagedFileException e) {
      LOG.error("{}: {}", name, ForeignText.plain(e.getMessage()));
    } catch (IOException e) {
      LOG.error("{}: cannot be read: {}", name, e.toString());
    } catch (IllegalArgumentException e) { // an id that is taken or too long
      LOG.error("{}: cannot be published: {}", name, ForeignText.plain(e.getMessage()));
    } catch (RuntimeException | Error e) {
      LOG.error("{}: is not played any more", name, e);
    }
    return false;
  }

  /** A file that is being written may not have a row yet. */
  private Recording open(Worker self) throws IOException {
    ProblemLog problems = new ProblemLog(what -> LOG.warn("{}: {}; it may grow", name, what));
    while (true) {
      try {
        return subject.opener().open();
      } catch (DamagedFileException e) {
        if (!subject.isFollowed() || !self.isWanted()) {
          throw e;
        }
        problems.say(e.getMessage());
        self.rest(TimeUnit.MILLISECONDS.toNanos(settings.scanMs()));
      }
    }
  }

  private SignalTable openTable(Recording recording) {
    SignalTable table = registry.openTable(recording.domain(subject.idPrefix()));
    try {
      for (SignalDescriptor signal : recording.signals(subject.idPrefix())) {
        table.open(signal);
      }
      return table;
    } catch (RuntimeException e) {
      table.close();
      throw e;
    }
  }

  private void play(Worker self, Recording recording, Playback playback) throws IOException {
    String player = subject.isTable(settings) ? playback.tableId() : subject.playerName();
    try (PlaybackControl control =
        new PlaybackControl(player, name, settings, recording, playback, self::wake)) {
      Runnable withdraw = players.apply(control);
      try {
        play(self, control);
      } finally {
        withdraw.run();
      }
    }
  }

  private void play(Worker self, PlaybackControl control) throws IOException {
    while (self.isWanted()) {
      long waitNanos = control.step();
      if (waitNanos == Playback.ENDED) {
        LOG.info("{}: played to its end", name);
        return;
      }
      self.rest(waitNanos);
    }
  }

  void stop() {
    worker.stop();
  }
}
