/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links of other gateways that take their signals from this runtime. Each calls itself by an id
 * of its own at the server, and by the same one in the signals that it passes on; so a signal of
 * this runtime is known when it comes back.
 */
final class IncomingLinks {
  private static final Logger LOG = LoggerFactory.getLogger(IncomingLinks.class);

  /** In front of the id, at the end of what a link calls itself. */
  private static final String NAME = " gateway/";

  private static final int KNOWN = 1_000;

  private final Supplier<List<String>> agents;

  /** By the id of a link; whether it leads here never changes. */
  private final Map<String, Boolean> known = new LinkedHashMap<>();

  /**
   * Asks when there is something to ask.
   *
   * @param agents gives what the clients of this runtime's servers call themselves
   */
  IncomingLinks(Supplier<List<String>> agents) {
    this.agents = agents;
  }

  /** What a link calls itself: the name of its configuration, and its id. */
  static String nameOf(String configuration, String linkId) {
    return configuration.replaceAll("[^A-Za-z0-9._-]", "-") + NAME + linkId;
  }

  /** Whether a link takes its signals from this runtime; may wait for a server. */
  synchronized boolean contains(String linkId) {
    Boolean answer = known.get(linkId);
    if (answer == null) {
      try {
        answer = agents.get().stream().anyMatch(agent -> agent.endsWith(NAME + linkId));
      } catch (IllegalStateException e) {
        LOG.debug("a server does not tell its clients", e);
        return false;
      }
      if (known.size() == KNOWN) {
        known.remove(known.keySet().iterator().next());
      }
      known.put(linkId, answer);
    }
    return answer;
  }
}
