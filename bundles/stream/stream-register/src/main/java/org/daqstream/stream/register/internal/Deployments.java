/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.daqstream.stream.api.ManifestException;
import org.daqstream.stream.api.ManifestProblem;
import org.daqstream.stream.api.StreamDefinition;

/**
 * What every source has deployed, and all of it together. An instance belongs to one source.
 * Reading is lock-free; a refused change leaves everything as it was.
 */
final class Deployments {
  private final Map<String, Map<String, Map<String, StreamDefinition>>> sources =
      new LinkedHashMap<>();
  private volatile Map<String, Map<String, StreamDefinition>> instances = Map.of();

  /** Instance name to stream name to definition. */
  Map<String, Map<String, StreamDefinition>> instances() {
    return instances;
  }

  /** Source to the names of its instances. */
  synchronized Map<String, Set<String>> sources() {
    Map<String, Set<String>> names = new TreeMap<>();
    sources.forEach((source, specs) -> names.put(source, new TreeSet<>(specs.keySet())));
    return names;
  }

  /** Puts a source's instances in place of its former ones. */
  synchronized void put(String source, Map<String, Map<String, StreamDefinition>> specs)
      throws ManifestException {
    List<ManifestProblem> problems = new ArrayList<>();
    sources.forEach(
        (other, theirs) -> {
          if (!other.equals(source)) {
            specs.keySet().stream()
                .filter(theirs::containsKey)
                .forEach(
                    instance ->
                        problems.add(
                            new ManifestProblem(
                                instance, "", "", "", "is deployed already by " + other)));
          }
        });
    if (!problems.isEmpty()) {
      throw new ManifestException(source, problems);
    }
    sources.put(source, specs);
    merge();
  }

  synchronized void remove(String source) {
    sources.remove(source);
    merge();
  }

  synchronized void clear() {
    sources.clear();
    merge();
  }

  private void merge() {
    Map<String, Map<String, StreamDefinition>> merged = new LinkedHashMap<>();
    sources.values().forEach(merged::putAll);
    instances = merged;
  }
}
