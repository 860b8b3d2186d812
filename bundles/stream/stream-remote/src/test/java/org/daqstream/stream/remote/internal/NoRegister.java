/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.daqstream.stream.api.StreamClient;
import org.daqstream.stream.api.StreamDefinition;
import org.daqstream.stream.api.StreamInfo;
import org.daqstream.stream.api.StreamRegister;

/** A register with nothing deployed, whose clients are all the same. */
record NoRegister(StreamClient client) implements StreamRegister {
  @Override
  public StreamClient client(String instance) {
    return client;
  }

  @Override
  public void deploy(String source, String manifest) {}

  @Override
  public void undeploy(String source) {}

  @Override
  public Map<String, List<StreamDefinition>> instances() {
    return Map.of();
  }

  @Override
  public Map<String, Set<String>> sources() {
    return Map.of();
  }

  @Override
  public Set<String> types() {
    return Set.of();
  }

  @Override
  public List<StreamInfo> streams() {
    return List.of();
  }
}
