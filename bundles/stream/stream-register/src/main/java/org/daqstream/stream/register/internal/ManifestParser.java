/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.stream.api.ManifestProblem;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.spi.ParameterProblem;
import org.daqstream.stream.api.spi.StreamTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A deployment manifest's JSON to definitions. Reads {@code instanceSpecs.<instance>.streams}, with
 * or without a {@code deploymentManifest} around it, and ignores every other key. Finds all
 * problems before it refuses. One use.
 */
final class ManifestParser {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestParser.class);

  private static final String ENVELOPE = "deploymentManifest";
  private static final String INSTANCES = "instanceSpecs";
  private static final String STREAMS = "streams";
  private static final int SHOWN_VALUE_CHARS = 120;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final String source;
  private final Transports transports;
  private final boolean strict;
  private final List<ManifestProblem> problems = new ArrayList<>();

  /**
   * A parser that, when strict, refuses an unknown type and what is otherwise accepted with a
   * warning.
   */
  ManifestParser(String source, Transports transports, boolean strict) {
    this.source = source;
    this.transports = transports;
    this.strict = strict;
  }

  /** Instance name to stream name to definition. */
  Map<String, Map<String, StreamDefinition>> parse(String manifest) throws ManifestException {
    Map<String, Map<String, StreamDefinition>> instances = new LinkedHashMap<>();
    JsonNode root = readTree(manifest);
    if (problems.isEmpty()) {
      JsonNode specs =
          root.has(ENVELOPE) ? root.get(ENVELOPE).path(INSTANCES) : root.path(INSTANCES);
      if (specs.isObject()) {
        for (Map.Entry<String, JsonNode> instance : specs.properties()) {
          instances.put(instance.getKey(), streams(instance.getKey(), instance.getValue()));
        }
      } else {
        refuse("", "", INSTANCES, specs, "an object is required");
      }
    }
    if (!problems.isEmpty()) {
      throw new ManifestException(source, problems);
    }
    return instances;
  }

  private JsonNode readTree(String manifest) {
    try (JsonParser parser = JSON.createParser(manifest)) {
      try {
        JsonNode root = JSON.readTree(parser);
        if (parser.nextToken() != null) {
          problems.add(new ManifestProblem("", "", "", "", "text after the manifest"));
        }
        return root == null ? JSON.missingNode() : root;
      } catch (JsonProcessingException e) {
        problems.add(unreadable(parser.getParsingContext().pathAsPointer(), e));
      }
    } catch (IOException e) {
      problems.add(new ManifestProblem("", "", "", "", "unreadable: " + e.getMessage()));
    }
    return JSON.missingNode();
  }

  /** Names instance and stream when the place of the error is inside of one. */
  private static ManifestProblem unreadable(JsonPointer place, JsonProcessingException e) {
    List<String> path = new ArrayList<>();
    for (JsonPointer p = place; p != null && !p.matches(); p = p.tail()) {
      path.add(p.getMatchingProperty());
    }
    int specs = path.indexOf(INSTANCES);
    boolean inInstance = specs >= 0 && path.size() > specs + 1;
    boolean inStream = inInstance && path.size() > specs + 3 && path.get(specs + 2).equals(STREAMS);
    return new ManifestProblem(
        inInstance ? path.get(specs + 1) : "",
        inStream ? path.get(specs + 3) : "",
        "",
        "",
        "%s at line %s column %s"
            .formatted(
                e.getOriginalMessage(),
                e.getLocation().getLineNr(),
                e.getLocation().getColumnNr()));
  }

  private Map<String, StreamDefinition> streams(String instance, JsonNode spec) {
    Map<String, StreamDefinition> streams = new LinkedHashMap<>();
    if (!spec.isObject()) {
      refuse("", "", INSTANCES + "." + instance, spec, "must be an object");
    }
    JsonNode node = spec.path(STREAMS);
    if (node.isObject()) { // anything else counts as absent
      for (Map.Entry<String, JsonNode> stream : node.properties()) {
        definition(instance, stream.getKey(), stream.getValue())
            .ifPresent(definition -> streams.put(stream.getKey(), definition));
      }
    }
    return streams;
  }

  private Optional<StreamDefinition> definition(String instance, String stream, JsonNode node) {
    if (!node.isObject()) {
      refuse(instance, stream, STREAMS + "." + stream, node, "a definition must be an object");
      return Optional.empty();
    }
    JsonNode type = node.path("type");
    if (!type.isTextual() || type.textValue().isEmpty()) {
      refuse(instance, stream, "type", type, "a string is required");
    }
    JsonNode word = node.path("direction");
    Optional<StreamDirection> direction =
        word.isTextual() ? StreamDirection.ofManifestName(word.textValue()) : Optional.empty();
    if (direction.isEmpty()) {
      refuse(instance, stream, "direction", word, "must be in or out");
    }
    JsonNode parameters = node.path("parameters");
    if (!parameters.isObject() && !parameters.isMissingNode()) {
      refuse(instance, stream, "parameters", parameters, "must be an object");
      return Optional.empty();
    }
    if (direction.isEmpty() || !type.isTextual()) {
      return Optional.empty();
    }
    StreamDefinition definition =
        new StreamDefinition(
            stream, type.textValue(), direction.get(), JsonValues.object(parameters));
    validate(instance, definition, parameters);
    return Optional.of(definition);
  }

  private void validate(String instance, StreamDefinition definition, JsonNode parameters) {
    Optional<StreamTransport> transport = transports.best(definition.type());
    if (transport.isEmpty()) {
      if (strict) {
        refuse(
            instance,
            definition.name(),
            "type",
            JSON.getNodeFactory().textNode(definition.type()),
            "no transport of this type");
      } else {
        LOG.warn(
            "{}: instance '{}', stream '{}': no transport of type '{}' yet",
            source,
            instance,
            definition.name(),
            definition.type());
      }
      return;
    }
    for (ParameterProblem problem : problemsOf(transport.get(), definition)) {
      if (problem.fatal() || strict) {
        refuse(
            instance,
            definition.name(),
            "parameters." + problem.key(),
            parameters.path(problem.key()),
            problem.message());
      } else {
        LOG.warn(
            "{}: instance '{}', stream '{}', key 'parameters.{}', value {}: {}",
            source,
            instance,
            definition.name(),
            problem.key(),
            problem.value(),
            problem.message());
      }
    }
  }

  /** A transport that throws is a problem, not a catastrophe. */
  static List<ParameterProblem> problemsOf(StreamTransport transport, StreamDefinition definition) {
    try {
      return transport.validate(definition.direction(), definition.parameters());
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("transport of type '{}' failed to validate", definition.type(), e);
      return List.of(new ParameterProblem("", null, "transport failed to validate: " + e, true));
    }
  }

  private void refuse(String instance, String stream, String key, JsonNode value, String message) {
    String shown = value.isMissingNode() ? "" : value.toString();
    if (shown.length() > SHOWN_VALUE_CHARS) {
      shown = shown.substring(0, SHOWN_VALUE_CHARS) + "...";
    }
    problems.add(new ManifestProblem(instance, stream, key, shown, message));
  }
}
