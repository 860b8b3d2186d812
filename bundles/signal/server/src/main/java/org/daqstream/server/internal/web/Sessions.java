/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The sessions of browsers that logged in, of one server. A browser sends the cookie of a session
 * to every port of a host, whoever listens there: so a session holds at the port where it began,
 * and for the address that began it. Any thread.
 */
final class Sessions {
  static final long LIFE_S = TimeUnit.HOURS.toSeconds(12);
  static final int SESSIONS_MAX = 1_000;

  /** Of one who logged in, so that he does not end those of others. */
  static final int OWN_MAX = 50;

  private static final int ID_BYTES = 32;

  /** Of an id, in Base64 without padding. */
  static final int ID_CHARS = (ID_BYTES * Byte.SIZE + 5) / 6;

  private final SecureRandom random = new SecureRandom();
  private final LongSupplier nanoTime;

  /** By the hash of its id, so that looking one up takes no time that tells of the others. */
  private final Map<String, Session> sessions = new LinkedHashMap<>();

  Sessions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A session; ended once and for all. */
  static final class Session {
    private final Visitor visitor;
    private final int port;
    private final InetAddress address;
    private final long endNanos;
    private volatile boolean ended;

    private Session(Visitor visitor, int port, InetAddress address, long endNanos) {
      this.visitor = visitor;
      this.port = port;
      this.address = address;
      this.endNanos = endNanos;
    }

    private boolean isOf(Visitor other) {
      return visitor.by() == other.by()
          && visitor.identity().reference().equals(other.identity().reference());
    }
  }

  /**
   * Begins a session, and ends his oldest one, or that of all, if there are too many; gives its id,
   * a secret.
   */
  synchronized String begin(Visitor visitor, int port, InetAddress address) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    long endNanos = nanoTime.getAsLong() + TimeUnit.SECONDS.toNanos(LIFE_S);
    sessions.put(Hashes.base64(id), new Session(visitor, port, address, endNanos));
    List<String> own =
        sessions.entrySet().stream()
            .filter(entry -> entry.getValue().isOf(visitor))
            .map(Map.Entry::getKey)
            .toList();
    if (own.size() > OWN_MAX) {
      end(own.get(0));
    } else if (sessions.size() > SESSIONS_MAX) {
      end(sessions.keySet().iterator().next());
    }
    return id;
  }

  /** Who has a session; empty if it is over, or of another port or address. */
  synchronized Optional<Visitor> find(String id, int port, InetAddress address) {
    Session session = sessions.get(Hashes.base64(id));
    return session != null
            && isAlive(session)
            && session.port == port
            && session.address.equals(address)
        ? Optional.of(new Visitor(session.visitor.identity(), session.visitor.by(), session))
        : Optional.empty();
  }

  /** Ends a session, if it is of this port. */
  synchronized void end(String id, int port) {
    Session session = sessions.get(Hashes.base64(id));
    if (session != null && session.port == port) {
      end(Hashes.base64(id));
    }
  }

  private void end(String key) {
    sessions.remove(key).ended = true;
  }

  boolean isAlive(Session session) {
    return !session.ended && session.endNanos - nanoTime.getAsLong() > 0;
  }

  /** Forgets those that are over. */
  synchronized void sweep() {
    sessions.values().removeIf(session -> !isAlive(session));
  }

  synchronized int count() {
    return sessions.size();
  }
}
