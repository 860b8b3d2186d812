/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamException;
import org.daqstream.stream.api.StreamResult;
import org.daqstream.stream.api.spi.InputSink;
import org.daqstream.stream.api.spi.OutputSink;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.stream.api.spi.StreamTransport;
import org.daqstream.stream.api.spi.TransportInput;
import org.daqstream.stream.api.spi.TransportOutput;

/** Streams within this object, without a network; breaks one rule when told to. */
final class ToyTransport implements StreamTransport {
  enum Flaw {
    NONE,
    // parameters and opening
    NAMES_ANOTHER_KEY,
    REFUSES_UNKNOWN_KEYS,
    VALIDATES_BY_CONNECTING,
    SHARES_ITS_ADDRESS,
    KEEPS_ITS_ADDRESS,
    // an output
    MOVES_THE_POSITION,
    KEEPS_THE_BUFFER,
    LOSES_ORDER,
    CUTS_MESSAGES,
    DROPS_EMPTY_MESSAGES,
    DROPS_WHEN_FULL,
    TOO_BIG_IS_AN_ERROR,
    IGNORES_THE_BUDGET,
    KEEPS_THE_MEMORY,
    MISCOUNTS,
    // an input
    IGNORES_FALSE,
    LOSES_AN_EARLY_RESUME,
    ADDS_RESUMES_UP,
    USES_A_PEER_AGAIN,
    DOES_NOT_TELL_OF_ENDS,
    FAILS_WITH_A_PEER,
    // closing
    GIVES_UP_AT_ONCE,
    HIDES_LOSS,
    TAKES_MESSAGES_AFTER_CLOSE,
    CALLS_AFTER_CLOSE,
    SWALLOWS_AN_INTERRUPT,
    LEAVES_A_THREAD
  }

  static final int LONGEST_MESSAGE = 100_000;

  private final Map<Integer, ToyInput> listening = new ConcurrentHashMap<>();
  private final AtomicInteger ports = new AtomicInteger();
  private final Flaw flaw;

  ToyTransport(Flaw flaw) {
    this.flaw = flaw;
  }

  boolean has(Flaw which) {
    return flaw == which;
  }

  /** The input that is open on a port, or null. */
  ToyInput at(int port) {
    return listening.get(port);
  }

  void leave(int port, ToyInput input) {
    if (!has(Flaw.KEEPS_ITS_ADDRESS)) {
      listening.remove(port, input);
    }
  }

  @Override
  public List<ParameterProblem> validate(
      StreamDirection direction, Map<String, Object> parameters) {
    int port = (int) parameters.get("port");
    if (port < 0) {
      String key = has(Flaw.NAMES_ANOTHER_KEY) ? "hostname" : "port";
      return List.of(new ParameterProblem(key, port, "must not be negative", true));
    }
    if (parameters.size() > 1 && has(Flaw.REFUSES_UNKNOWN_KEYS)) {
      return List.of(new ParameterProblem("?", 0, "is unknown", true));
    }
    ToyInput there = at(port);
    if (there != null && has(Flaw.VALIDATES_BY_CONNECTING)) {
      there.disconnect(there.connect());
    }
    return List.of();
  }

  @Override
  public TransportInput openInput(String instance, StreamDefinition definition, InputSink sink)
      throws StreamException {
    int wanted = (int) definition.parameters().get("port");
    int port = wanted == 0 ? ports.incrementAndGet() : wanted;
    ToyInput input = new ToyInput(this, port, sink);
    if (listening.putIfAbsent(port, input) != null && !has(Flaw.SHARES_ITS_ADDRESS)) {
      throw new StreamException(StreamResult.ERROR, "port " + port + " is taken");
    }
    input.start();
    return input;
  }

  @Override
  public TransportOutput openOutput(String instance, StreamDefinition definition, OutputSink sink) {
    ToyOutput output = new ToyOutput(this, (int) definition.parameters().get("port"), sink);
    output.start();
    return output;
  }
}
