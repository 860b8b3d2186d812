/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.daqstream.sample.support.Near;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Services;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamRegister;

/** Finds streams by the words of a command. */
final class Streams {
  private Streams() {}

  /** The definition of a stream, or an error that names similar ones. */
  static StreamDefinition definition(
      StreamRegister register, String instance, String stream, StreamDirection direction) {
    var instances = register.instances();
    List<StreamDefinition> streams = instances.get(instance);
    if (streams == null) {
      throw new CommandException(
          "no instance '%s' in any manifest%s"
              .formatted(instance, Near.suggestion(instance, instances.keySet())));
    }
    Map<String, StreamDefinition> named = new LinkedHashMap<>();
    streams.forEach(each -> named.put(each.name(), each));
    StreamDefinition definition = named.get(stream);
    if (definition == null) {
      throw CommandException.unknown(
          "instance '" + instance + "' has no stream", stream, named.keySet());
    }
    if (definition.direction() != direction) {
      throw new CommandException(
          "stream '%s' of instance '%s' has the direction '%s', needed is '%s'"
              .formatted(
                  stream,
                  instance,
                  definition.direction().manifestName(),
                  direction.manifestName()));
    }
    return definition;
  }

  /** Instances for completion. */
  static List<String> instances(Services services) {
    return services.streamRegister().stream()
        .flatMap(register -> register.instances().keySet().stream())
        .toList();
  }

  /** Instances with streams of a direction, or such streams of an instance, for completion. */
  static List<String> candidates(Services services, List<String> words, StreamDirection direction) {
    Map<String, List<StreamDefinition>> instances =
        services.streamRegister().map(StreamRegister::instances).orElse(Map.of());
    Predicate<StreamDefinition> fits = each -> each.direction() == direction;
    return switch (words.size()) {
      case 0 ->
          instances.keySet().stream()
              .filter(each -> instances.get(each).stream().anyMatch(fits))
              .toList();
      case 1 ->
          instances.getOrDefault(words.get(0), List.of()).stream()
              .filter(fits)
              .map(StreamDefinition::name)
              .toList();
      default -> List.of();
    };
  }
}
