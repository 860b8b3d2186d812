/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.api;

/**
 * What went into a server's log of one signal.
 *
 * @param signalId id of the signal
 * @param signalNumber its number in the headers of its packets
 * @param subscribers clients that subscribed to it, those with an implicit subscription of a domain
 *     not counted
 * @param endRow row behind the last one written
 * @param packets data packets written to the log; none is written while nobody subscribes
 * @param bytes payload bytes in them
 */
public record SignalTraffic(
    String signalId, int signalNumber, int subscribers, long endRow, long packets, long bytes) {}
