/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.player.api;

import java.time.Duration;
import java.time.Instant;

/**
 * What a player does, and where it is.
 *
 * @param state what it does
 * @param file path of the file that is played now
 * @param tableId id of the domain of its signals
 * @param signals how many signals it has
 * @param speed 1 for real time, n for n times faster; 0 for as fast as a limit allows, infinite for
 *     as fast as it goes
 * @param canSeek whether it can go on from another place
 * @param row number that the last row that was played had when it was recorded; negative when it is
 *     not known
 * @param time when that was recorded; {@code null} when it is not known
 * @param passed how far that is from the beginning of what was recorded; {@code null} when it is
 *     not known
 */
public record PlayerStatus(
    PlayerState state,
    String file,
    String tableId,
    int signals,
    double speed,
    boolean canSeek,
    long row,
    Instant time,
    Duration passed) {}
