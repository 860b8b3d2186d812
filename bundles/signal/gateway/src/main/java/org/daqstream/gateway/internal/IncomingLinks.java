/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.daqstream.server.api.ServerMonitor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
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

  /** How long an answer is good that a link does not lead here: it may only be away. */
  private static final long AWAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * How long one answer is good for all links. A signal of this runtime comes back over one that
   * has just connected, but not so fast.
   */
  private static final long ALL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private record Answer(boolean leadsHere, long atNanos) {
    boolean isGood() {
      return leadsHere || System.nanoTime() - atNanos < AWAY_NANOS;
    }
  }

  private final Supplier<List<String>> agents;

  /** By the id of a link, the oldest first. */
  private final Map<String, Answer> known = new LinkedHashMap<>();

  /** Ids of the links that were there when the servers were asked last. */
  private Set<String> present = Set.of();

  private boolean isAsked;
  private long askedNanos;

  /**
   * Asks when there is something to ask.
   *
   * @param agents gives what the clients of this runtime's servers call themselves
   */
  IncomingLinks(Supplier<List<String>> agents) {
    this.agents = agents;
  }

  /** What the clients of this runtime's servers call themselves. */
  static List<String> agents(BundleContext context) {
    List<String> agents = new ArrayList<>();
    try {
      for (var reference : context.getServiceReferences(ServerMonitor.class, null)) {
        ServerMonitor server = context.getService(reference);
        if (server == null) {
          continue;
        }
        try {
          server.clients().forEach(client -> agents.add(client.userAgent()));
        } catch (IllegalStateException e) {
          LOG.debug("a server does not tell its clients", e);
        } finally {
          context.ungetService(reference);
        }
      }
      return agents;
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e); // there is no filter
    }
  }

  /** What a link calls itself: the name of its configuration, and its id. */
  static String nameOf(String configuration, String linkId) {
    return configuration.replaceAll("[^A-Za-z0-9._-]", "-") + NAME + linkId;
  }

  /** Whether a link takes its signals from this runtime; may wait for a server. */
  synchronized boolean contains(String linkId) {
    Answer answer = known.get(linkId);
    if (answer != null && answer.isGood()) {
      return answer.leadsHere();
    }
    if (!isAsked || System.nanoTime() - askedNanos >= ALL_NANOS) {
      present = ask();
      isAsked = true;
      askedNanos = System.nanoTime();
    }
    boolean leadsHere = present.contains(linkId);
    known.remove(linkId);
    if (known.size() == KNOWN) {
      known.remove(known.keySet().iterator().next());
    }
    known.put(linkId, new Answer(leadsHere, askedNanos));
    return leadsHere;
  }

  private Set<String> ask() {
    Set<String> ids = new HashSet<>();
    try {
      for (String each : agents.get()) {
        int at = each.lastIndexOf(NAME);
        if (at >= 0) {
          ids.add(each.substring(at + NAME.length()));
        }
      }
    } catch (IllegalStateException e) {
      LOG.debug("nobody tells the clients of the servers", e);
    }
    return ids;
  }
}
