/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.source.file.internal;

import java.io.Closeable;
import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.daqstream.player.api.Player;
import org.daqstream.player.api.PlayerState;
import org.daqstream.player.api.PlayerStatus;
import org.daqstream.player.api.SeekTarget;

/** Takes what people want of a file that is played to the thread that plays it. */
final class PlaybackControl implements Player, Closeable {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A wish that is not fulfilled yet. */
  private record Request(SeekTarget target, CompletableFuture<PlayerStatus> answer) {}

  private final String name;
  private final String path;
  private final Settings settings;
  private final Recording recording;
  private final Playback playback;
  private final Runnable waker;
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private volatile boolean isPaused;
  private volatile boolean isClosed;
  private volatile PlayedSpot spot; // null: not known
  private boolean wasPaused;

  /**
   * Begins to play.
   *
   * @param path of what is played, for people
   * @param waker has the thread look what is wanted
   */
  PlaybackControl(
      String name,
      String path,
      Settings settings,
      Recording recording,
      Playback playback,
      Runnable waker) {
    this.name = name;
    this.path = path;
    this.settings = settings;
    this.recording = recording;
    this.playback = playback;
    this.waker = waker;
    spot = recording.spot();
  }

  /** As {@link Playback#step}, after what is wanted; for the thread that plays. */
  long step() throws IOException {
    for (Request each = requests.poll(); each != null; each = requests.poll()) {
      carryOut(each);
    }
    if (isPaused) {
      wasPaused = true;
      return PAUSE_NANOS;
    }
    if (wasPaused) {
      wasPaused = false;
      playback.goOn();
    }
    long waitNanos = playback.step();
    spot = recording.spot();
    return waitNanos;
  }

  private void carryOut(Request request) {
    try {
      recording.seek(request.target());
      playback.goOnElsewhere();
      spot = recording.spot();
      request.answer().complete(status());
    } catch (IOException | RuntimeException e) {
      request.answer().completeExceptionally(e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public PlayerStatus status() {
    PlayedSpot now = spot;
    return new PlayerStatus(
        isPaused ? PlayerState.PAUSED : PlayerState.PLAYING,
        now == null ? path : now.file(),
        playback.tableId(),
        playback.signals(),
        settings.speed(),
        recording.canSeek(),
        now == null ? -1 : now.row(),
        now == null ? null : now.time(),
        now == null ? null : now.passed());
  }

  @Override
  public void pause() {
    isPaused = true;
    waker.run();
  }

  @Override
  public void resume() {
    isPaused = false;
    waker.run();
  }

  @Override
  public CompletionStage<PlayerStatus> seek(SeekTarget target) {
    Request request = new Request(target, new CompletableFuture<>());
    requests.add(request);
    waker.run();
    if (isClosed) {
      refuseAll();
    }
    return request.answer().minimalCompletionStage();
  }

  /** Nothing is played any more. */
  @Override
  public void close() {
    isClosed = true;
    refuseAll();
  }

  private void refuseAll() {
    for (Request each = requests.poll(); each != null; each = requests.poll()) {
      each.answer().completeExceptionally(new IllegalArgumentException("is not played any more"));
    }
  }
}
