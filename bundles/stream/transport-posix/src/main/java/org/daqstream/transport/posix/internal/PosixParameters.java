/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.posix.internal;

import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.util.List;
import java.util.Map;
import org.daqstream.socket.support.FramedInput;
import org.daqstream.socket.support.HostAndPort;
import org.daqstream.socket.support.Link;
import org.daqstream.socket.support.ListeningInput;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.transport.support.ParameterReader;
import org.daqstream.transport.support.SendQueue;

/**
 * Parameters of a stream. The first three are those of EVP; the C code ignores the others, so one
 * manifest serves both.
 *
 * @param type whose parameters these are
 * @param family from {@code domain}: {@code IPv4} or {@code IPv6}
 * @param hostname an input's local address, an output's remote one; may be empty, which fails at
 *     open
 * @param port decimal string, 0 to 65535 for an input (0: any free port), from 1 for an output
 * @param queueMessages outputs: most messages waiting; 1001 as in C
 * @param queueBytes outputs: most bytes waiting, and with it the largest message
 * @param connectTimeoutMs outputs: for one address
 * @param backoffMaxMs outputs: longest wait between two attempts to connect
 * @param chunkBytes inputs: largest chunk handed over
 * @param maxPeers inputs: connections beyond this are closed at once
 * @param maxMessageBytes framed: largest message, sent or received
 * @param partialBytes framed inputs: most memory held for messages that are not complete
 * @param handshakeTimeoutMs TLS inputs: a peer that is not ready by then is closed
 * @param tls the rest of TLS; null without TLS
 */
record PosixParameters(
    StreamType type,
    ProtocolFamily family,
    String hostname,
    int port,
    int queueMessages,
    long queueBytes,
    int connectTimeoutMs,
    int backoffMaxMs,
    int chunkBytes,
    int maxPeers,
    int maxMessageBytes,
    long partialBytes,
    int handshakeTimeoutMs,
    TlsParameters tls) {

  private static final long MEBIBYTE = 1024 * 1024;

  /** Some bytes less than the longest array. */
  private static final long LONGEST_MESSAGE = Integer.MAX_VALUE - 16;

  static List<ParameterProblem> validate(
      StreamType type, StreamDirection direction, Map<String, Object> parameters) {
    ParameterReader reader = new ParameterReader(parameters);
    read(type, direction, reader);
    return reader.problems();
  }

  static PosixParameters of(
      StreamType type, StreamDirection direction, Map<String, Object> parameters) {
    return read(type, direction, new ParameterReader(parameters));
  }

  private static PosixParameters read(
      StreamType type, StreamDirection direction, ParameterReader reader) {
    int smallestChunk = type == StreamType.TLS ? Link.READ_BYTES : 1;
    int maxMessageBytes = (int) reader.number("maxMessageBytes", 64 * MEBIBYTE, 0, LONGEST_MESSAGE);
    reader.choice("type", "tcp");
    boolean v6 = reader.choice("domain", "IPv4", "IPv6").equals("IPv6");
    return new PosixParameters(
        type,
        v6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET,
        reader.text("hostname"),
        reader.port("port", direction == StreamDirection.IN ? 0 : 1),
        (int) reader.number("queueMessages", 1001, 1, 1_000_000),
        reader.number("queueBytes", 64 * MEBIBYTE, 1, 4096 * MEBIBYTE),
        (int) reader.number("connectTimeoutMs", 10_000, 1, 600_000),
        (int) reader.number("backoffMaxMs", 1000, 50, 600_000),
        (int) reader.number("chunkBytes", 65_536, smallestChunk, 16 * MEBIBYTE),
        (int) reader.number("maxPeers", 1024, 1, 65_535),
        maxMessageBytes,
        Math.max(
            maxMessageBytes,
            reader.number("partialBytes", ListeningInput.PARTIAL_BYTES, 0, 1_048_576 * MEBIBYTE)),
        (int) reader.number("handshakeTimeoutMs", 10_000, 1, 600_000),
        type == StreamType.TLS ? TlsParameters.read(direction, reader) : null);
  }

  /** Where to listen or dial. */
  HostAndPort endpoint() {
    return new HostAndPort(hostname, port, family);
  }

  /** What an output takes. */
  SendQueue.Limits queue() {
    boolean framed = type == StreamType.FRAMED;
    return new SendQueue.Limits(
        queueMessages, queueBytes, framed ? maxMessageBytes : Integer.MAX_VALUE);
  }

  /** What peers of an input may ask for. */
  FramedInput.Limits peers() {
    return new FramedInput.Limits(maxPeers, handshakeTimeoutMs, maxMessageBytes, partialBytes);
  }
}
