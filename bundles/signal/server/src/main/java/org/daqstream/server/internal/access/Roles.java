/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.access;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each role may do; any thread. Two are there without a configuration, but may nothing once
 * one of theirs is gone: who took rights away by it does not mean to give them back.
 */
public final class Roles {
  /** May all; what whoever does not log in has where nothing else is configured. */
  public static final String EVERYTHING = "everything";

  /** May see and subscribe all signals. */
  public static final String READER = "reader";

  private static final Logger LOG = LoggerFactory.getLogger(Roles.class);

  private final Changes changes = new Changes();
  private volatile Known known =
      new Known(Map.of(EVERYTHING, Rights.ALL, READER, Rights.READER), new ConcurrentHashMap<>());

  /** The rights of all roles, and what came of them for those who have several. */
  private record Known(Map<String, Rights> byRole, Map<Set<String>, Rights> ofSets) {}

  /** Sets what a role may do, {@code null} when its configuration is gone. */
  public void set(String role, Rights rights) {
    take(role, rights);
    changes.tell();
  }

  /** Tells of all that is set. */
  public Changes changes() {
    return changes;
  }

  private synchronized void take(String role, Rights rights) {
    Map<String, Rights> byRole = new HashMap<>(known.byRole);
    if (rights != null) {
      byRole.put(role, rights);
    } else {
      byRole.remove(role);
    }
    known = new Known(byRole, new ConcurrentHashMap<>());
    if (rights == null && (role.equals(EVERYTHING) || role.equals(READER))) {
      LOG.warn("role '{}' may nothing until its configuration is there again", role);
    }
  }

  /** What somebody with these roles may do; one that is not known may nothing. */
  public Rights rightsOf(Set<String> roles) {
    Known now = known;
    Rights rights = now.ofSets.get(roles);
    if (rights == null) {
      rights =
          new TreeSet<>(roles)
              .stream()
                  .map(role -> now.byRole.getOrDefault(role, Rights.NONE))
                  .reduce(Rights.NONE, Rights::and);
      if (now.ofSets.size() < 1_000) { // roles come from outside
        now.ofSets.put(roles, rights);
      }
    }
    return rights;
  }

  /** Those of the roles that nobody has configured. */
  public Set<String> unknown(Set<String> roles) {
    Set<String> unknown = new TreeSet<>(roles);
    unknown.removeAll(known.byRole.keySet());
    return unknown;
  }
}
