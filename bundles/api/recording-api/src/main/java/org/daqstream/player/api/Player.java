/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.player.api;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Plays a file, or files one behind the other, as signals of the runtime: a service as long as it
 * does. Any thread may call; no call waits for the disk.
 */
@ProviderType
public interface Player {
  /** {@return what the ids of its signals begin with, without the last slash} */
  String name();

  /** {@return what it does, as of a moment ago} */
  PlayerStatus status();

  /** Has it stay where it is; its signals stay, too. */
  void pause();

  /** Has it go on from where it is. */
  void resume();

  /**
   * Has it go on from another place, paused or not. Rows and times that clients get: with times of
   * the present both go on without a hole; with those of the file times are those of the new place,
   * and rows go on, behind a hole as large as what is passed over when it is ahead.
   *
   * @param target where
   * @return what it does then; fails with an {@link IllegalArgumentException} when it cannot go
   *     there, and with an {@link java.io.IOException} when the file cannot be read, and then is
   *     where it was
   */
  CompletionStage<PlayerStatus> seek(SeekTarget target);
}
