/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.player.api;

/** What a player does. */
public enum PlayerState {
  /** It plays. */
  PLAYING,
  /** It stays where it is until it is told to go on. */
  PAUSED
}
