/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.streams;

import java.util.ArrayList;
import java.util.List;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.Near;
import org.daqstream.shell.internal.Services;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamRegister;

/** Finds streams by the words of a command. */
final class Streams {
  /** What the shell deploys has a source that begins so. */
  static final String SOURCE_PREFIX = "shell:";

  private Streams() {}

  /** The definition of a stream, or an error that names similar ones. */
  static StreamDefinition definition(
      StreamRegister register, String instance, String stream, StreamDirection direction)
      throws CommandException {
    final var instances = register.instances();
    final List<StreamDefinition> streams = instances.get(instance);
    if (streams == null) {
      throw new CommandException(
          "no instance '"
              + instance
              + "' in any manifest"
              + Near.suggestion(instance, instances.keySet()));
    }
    final List<String> names = streams.stream().map(StreamDefinition::name).toList();
    final StreamDefinition definition =
        streams.stream()
            .filter(each -> each.name().equals(stream))
            .findFirst()
            .orElseThrow(
                () ->
                    new CommandException(
                        "instance '"
                            + instance
                            + "' has no stream '"
                            + stream
                            + "'"
                            + Near.suggestion(stream, names)));
    if (definition.direction() != direction) {
      throw new CommandException(
          "stream '"
              + stream
              + "' of instance '"
              + instance
              + "' has the direction '"
              + definition.direction().manifestName()
              + "', needed is '"
              + direction.manifestName()
              + "'");
    }
    return definition;
  }

  /** Instances, or streams of an instance, for completion. */
  static List<String> candidates(Services services, List<String> words, StreamDirection direction) {
    final List<String> candidates = new ArrayList<>();
    services
        .streamRegister()
        .ifPresent(
            register ->
                register
                    .instances()
                    .forEach(
                        (instance, streams) ->
                            streams.stream()
                                .filter(each -> each.direction() == direction)
                                .filter(each -> words.isEmpty() || words.get(0).equals(instance))
                                .map(each -> words.isEmpty() ? instance : each.name())
                                .forEach(candidates::add)));
    return words.size() < 2 ? candidates.stream().distinct().toList() : List.of();
  }
}
