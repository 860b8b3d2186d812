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

  /** Answers of each kind that are kept. */
  private static final int KNOWN = 1_000;

  /** How long an answer is good that a link does not lead here: it may only be away. */
  private static final long AWAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * How long one answer is good for all links. A signal of this runtime comes back over one that
   * has just connected, but not so fast.
   */
  private static final long ALL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Supplier<List<String>> agents;

  /**
   * Ids of links that lead here, each with when that was seen; apart from the others, of which a
   * peer can name any number. The one that nobody named for longest is first.
   */
  private final Map<String, Long> leading = new LinkedHashMap<>(16, 0.75f, true);

  /** When a link was not there, by its id; the oldest first. */
  private final Map<String, Long> away = new LinkedHashMap<>();

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
    if (leading.get(linkId) != null) { // which is from now on the youngest
      return true;
    }
    Long awayNanos = away.get(linkId);
    if (awayNanos != null && System.nanoTime() - awayNanos < AWAY_NANOS) {
      return false;
    }
    if (!isAsked || System.nanoTime() - askedNanos >= ALL_NANOS) {
      present = ask();
      isAsked = true;
      askedNanos = System.nanoTime();
    }
    away.remove(linkId);
    boolean leadsHere = present.contains(linkId);
    put(leadsHere ? leading : away, linkId);
    return leadsHere;
  }

  private void put(Map<String, Long> answers, String linkId) {
    if (answers.size() == KNOWN) {
      answers.remove(answers.keySet().iterator().next());
    }
    answers.put(linkId, askedNanos);
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
