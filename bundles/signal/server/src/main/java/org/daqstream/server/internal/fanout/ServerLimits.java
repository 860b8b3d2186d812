/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.fanout;

/** The bounds that may change while clients are connected, and the log's size for messages. */
public record ServerLimits(
    int ringBytes,
    int clients,
    int clientsPerAddress,
    int pendingConnections,
    int pendingPerAddress,
    int messageBytes,
    int unfinishedBytes,
    int pendingBytes,
    int requestBytes,
    int requestTimeoutMs,
    int closeTimeoutMs,
    int aliveIntervalMs,
    int pingIntervalMs,
    SlowClients slowClients) {}
