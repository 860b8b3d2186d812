/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.socket.support;

import org.daqstream.transport.support.ParameterReader;

/**
 * Parameters of a stream that all transports on sockets know. The C code ignores them, so one
 * manifest serves both.
 *
 * @param queueMessages outputs: most messages waiting; 1001 as in C
 * @param queueBytes outputs: most bytes waiting, and with it the largest message
 * @param connectTimeoutMs outputs: for one address
 * @param backoffMaxMs outputs: longest wait between two attempts to connect
 * @param handshakeTimeoutMs how long the other side may take to come to terms
 * @param maxPeers inputs: most connections
 * @param maxMessageBytes longest message; a peer that announces a longer one is disconnected
 * @param partialBytes inputs: most memory for messages of which a part has arrived, of all peers
 *     together; a peer that needs more is disconnected
 */
public record SocketParameters(
    int queueMessages,
    long queueBytes,
    int connectTimeoutMs,
    int backoffMaxMs,
    int handshakeTimeoutMs,
    int maxPeers,
    int maxMessageBytes,
    long partialBytes) {
  private static final long MEBIBYTE = 1024 * 1024;

  /** Some bytes less than the longest array. */
  private static final long LONGEST_MESSAGE = Integer.MAX_VALUE - 16;

  /** Unless told otherwise: strangers must not use up the heap of the whole runtime. */
  private static final long PARTIAL_BYTES =
      Math.min(256 * MEBIBYTE, Runtime.getRuntime().maxMemory() / 4);

  /** Reads and checks them. */
  public static SocketParameters read(ParameterReader reader) {
    int maxMessageBytes = (int) reader.number("maxMessageBytes", 64 * MEBIBYTE, 0, LONGEST_MESSAGE);
    return new SocketParameters(
        (int) reader.number("queueMessages", 1001, 1, 1_000_000),
        reader.number("queueBytes", 64 * MEBIBYTE, 1, 4096 * MEBIBYTE),
        (int) reader.number("connectTimeoutMs", 10_000, 1, 600_000),
        (int) reader.number("backoffMaxMs", 1000, 50, 600_000),
        (int) reader.number("handshakeTimeoutMs", 10_000, 1, 600_000),
        (int) reader.number("maxPeers", 1024, 1, 65_535),
        maxMessageBytes,
        Math.max(
            maxMessageBytes,
            reader.number("partialBytes", PARTIAL_BYTES, 0, 1_048_576 * MEBIBYTE)));
  }
}
