/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

/**
 * Counters of a client since it was made.
 *
 * @param connections times that the device greeted
 * @param receivedBytes bytes read from the network
 * @param messages WebSocket messages
 * @param packets packets of known types
 * @param samples samples of subscribed signals
 * @param gaps gaps of subscribed signals, of any reason
 * @param ignoredPackets data of nobody's signal: before its description, after its end, of an
 *     unknown number
 * @param badPackets packets that could not be read
 * @param listenerFaults times that a listener threw
 */
public record ClientStatistics(
    long connections,
    long receivedBytes,
    long messages,
    long packets,
    long samples,
    long gaps,
    long ignoredPackets,
    long badPackets,
    long listenerFaults) {}
