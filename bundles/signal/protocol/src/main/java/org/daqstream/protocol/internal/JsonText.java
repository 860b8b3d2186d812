/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.protocol.Limits;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.ProtocolException.Kind;

/** JSON text to trees, within limits, and back. */
public final class JsonText {
  /** One mapper for each set of limits; a process has one or two of them. */
  private static final Map<Limits, ObjectMapper> MAPPERS = new ConcurrentHashMap<>();

  private static final int NUMBER_CHARS = 100;

  private JsonText() {}

  public static JsonNode read(byte[] text, Limits limits) throws ProtocolException {
    if (text.length > limits.metadataBytes()) {
      throw new ProtocolException(
          Kind.LIMIT, "JSON of " + text.length + " B, limit " + limits.metadataBytes() + " B");
    }
    try {
      JsonNode root = MAPPERS.computeIfAbsent(limits, JsonText::mapper).readTree(text);
      if (root.isMissingNode()) {
        throw new ProtocolException(Kind.MALFORMED, "JSON is empty");
      }
      return root;
    } catch (StreamConstraintsException e) {
      throw new ProtocolException(Kind.LIMIT, "JSON: " + e.getOriginalMessage(), e);
    } catch (JsonProcessingException e) {
      throw new ProtocolException(Kind.MALFORMED, "JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new ProtocolException(Kind.MALFORMED, "JSON: " + e.getMessage(), e);
    }
  }

  public static byte[] write(JsonNode root) {
    try {
      return MAPPERS.computeIfAbsent(Limits.DEFAULT, JsonText::mapper).writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectMapper mapper(Limits limits) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(limits.depth())
            .maxStringLength(limits.stringBytes())
            .maxNameLength(limits.stringBytes())
            .maxNumberLength(NUMBER_CHARS)
            // A value and its name are a token each, a container has two.
            .maxTokenCount(3L * limits.nodes())
            .build();
    return new ObjectMapper(JsonFactory.builder().streamReadConstraints(constraints).build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }
}
