/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.api;

import java.time.Instant;

/**
 * What one client did not get of one signal because it read too slowly: rows {@code fromRow} to
 * {@code toRow}, the second not included. The client was told so in front of the next block, by a
 * {@code signal} message with {@code toRow} as its {@code valueIndex} (protocol section 2.6).
 *
 * @param at when the client got the next block, or was gone
 * @param client {@link ClientStatus#name()}
 * @param signalId the value signal
 * @param fromRow row behind the last one that it got
 * @param toRow row of the first sample that it got again; for a client that was gone, the signal's
 *     end
 * @param fromTick domain value of the first sample lost
 * @param toTick domain value of the first sample that it got again; {@code fromTick} if there is
 *     none
 * @param reason why it was left out, for people
 */
public record Loss(
    Instant at,
    String client,
    String signalId,
    long fromRow,
    long toRow,
    long fromTick,
    long toTick,
    String reason) {}
