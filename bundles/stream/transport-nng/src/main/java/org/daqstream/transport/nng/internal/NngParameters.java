/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.transport.nng.internal;

import java.util.List;
import java.util.Map;
import org.daqstream.socket.support.SocketParameters;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.transport.support.ParameterReader;

/**
 * Parameters of an nng stream. {@code mode}, {@code protocol} and {@code connection_string} are
 * those of EVP and are checked as there: an output dials and pushes, an input listens and pulls,
 * the URL is looked at when the stream is opened. The C code ignores the others, so one manifest
 * serves both.
 *
 * @param connectionString see {@link SpAddress}
 * @param lazy outputs: opening succeeds although nobody listens
 * @param sockets the rest
 */
record NngParameters(String connectionString, boolean lazy, SocketParameters sockets) {

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
    return new NngParameters(
        reader.text("connection_string"),
        reader.flag("lazy", false),
        SocketParameters.read(reader));
  }
}
