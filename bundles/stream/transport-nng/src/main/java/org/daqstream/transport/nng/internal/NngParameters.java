/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.util.List;
import java.util.Map;
import org.daqstream.socket.support.FramedInput;
import org.daqstream.socket.support.ListeningInput;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.transport.support.ParameterReader;
import org.daqstream.transport.support.SendQueue;

/**
 * Parameters of an nng stream. {@code mode}, {@code protocol} and {@code connection_string} are
 * those of EVP and are checked as there: an output dials and pushes, an input listens and pulls,
 * the URL is looked at when the stream is opened. The C code ignores the others, so one manifest
 * serves both.
 *
 * @param connectionString see {@link SpAddress}
 * @param lazy outputs: opening succeeds although nobody listens
 * @param queueMessages outputs: most messages waiting
 * @param queueBytes outputs: most payload bytes waiting, and with it the largest message
 * @param connectTimeoutMs outputs: for one address
 * @param handshakeTimeoutMs how long the other side may take for its greeting
 * @param backoffMaxMs outputs: longest wait between two attempts to connect
 * @param maxMessageBytes inputs: a peer that announces a longer message is disconnected
 * @param partialBytes inputs: most memory for messages of which a part has arrived, of all peers
 *     together; a peer that needs more is disconnected
 * @param maxPeers inputs: most connections
 */
record NngParameters(
    String connectionString,
    boolean lazy,
    int queueMessages,
    long queueBytes,
    int connectTimeoutMs,
    int handshakeTimeoutMs,
    int backoffMaxMs,
    int maxMessageBytes,
    long partialBytes,
    int maxPeers) {

  private static final long MEBIBYTE = 1024 * 1024;

  /** Some bytes less than the longest array. */
  private static final long LONGEST_MESSAGE = Integer.MAX_VALUE - 16;

  static List<ParameterProblem> validate(
      StreamDirection direction, Map<String, Object> parameters) {
    ParameterReader reader = new ParameterReader(parameters);
    boolean out = direction == StreamDirection.OUT;
    require(reader, parameters, "mode", out ? "dial" : "listen", direction);
    require(reader, parameters, "protocol", out ? "push" : "pull", direction);
    read(reader);
    return reader.problems();
  }

  private static void require(
      ParameterReader reader,
      Map<String, Object> parameters,
      String key,
      String word,
      StreamDirection direction) {
    if (!word.equals(parameters.get(key))) {
      reader.refuse(key, "must be " + word + " for direction " + direction.manifestName());
    }
  }

  static NngParameters of(Map<String, Object> parameters) {
    return read(new ParameterReader(parameters));
  }

  private static NngParameters read(ParameterReader reader) {
    int maxMessageBytes = (int) reader.number("maxMessageBytes", 64 * MEBIBYTE, 0, LONGEST_MESSAGE);
    return new NngParameters(
        reader.text("connection_string"),
        reader.flag("lazy", false),
        (int) reader.number("queueMessages", 1001, 1, 1_000_000),
        reader.number("queueBytes", 64 * MEBIBYTE, 1, 4096 * MEBIBYTE),
        (int) reader.number("connectTimeoutMs", 10_000, 1, 600_000),
        (int) reader.number("handshakeTimeoutMs", 10_000, 1, 600_000),
        (int) reader.number("backoffMaxMs", 1000, 50, 600_000),
        maxMessageBytes,
        Math.max(
            maxMessageBytes,
            reader.number("partialBytes", ListeningInput.PARTIAL_BYTES, 0, 1_048_576 * MEBIBYTE)),
        (int) reader.number("maxPeers", 1024, 1, 65_535));
  }

  /** What an output takes. */
  SendQueue.Limits queue() {
    return new SendQueue.Limits(queueMessages, queueBytes, Integer.MAX_VALUE);
  }

  /** What peers of an input may ask for. */
  FramedInput.Limits peers() {
    return new FramedInput.Limits(maxPeers, handshakeTimeoutMs, maxMessageBytes, partialBytes);
  }
}
