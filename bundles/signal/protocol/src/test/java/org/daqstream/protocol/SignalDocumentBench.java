/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import org.daqstream.protocol.SignalDocument.Parsed;
import org.daqstream.signal.api.SignalDescriptor;

/** Documents of signals as tests write them. */
abstract class SignalDocumentBench {
  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static Parsed parse(String signalId, JsonNode document, String... known)
      throws ProtocolException {
    return SignalDocument.parse(signalId, document, Set.of(known)::contains);
  }

  static SignalDescriptor descriptor(String definition) throws ProtocolException {
    return parse("v", json("{'definition':" + definition + "}")).descriptor();
  }
}
