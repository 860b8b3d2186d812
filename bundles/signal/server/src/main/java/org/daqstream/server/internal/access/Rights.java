/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.access;

import java.util.HashSet;
import java.util.Set;

/**
 * What somebody may do; immutable.
 *
 * @param see ids of signals that are there for him
 * @param grants which of them he may subscribe, by each of his roles: what one lets him see
 *     another does not let him subscribe
 * @param publish ids under which he may offer signals
 * @param pages kinds of pages that he may read, besides those for everybody; {@link #ANY} is all
 */
public record Rights(Globs see, Set<Grant> grants, Globs publish, Set<String> pages) {
  /** What a role lets somebody subscribe: what it lets him see, and these. */
  public record Grant(Globs see, Globs subscribe) {
    private boolean covers(String signalId) {
      return see.matches(signalId) && subscribe.matches(signalId);
    }
  }

  /** Stands for every kind of page. */
  public static final String ANY = "*";

  /** Everything, as on a server that asks nobody. */
  public static final Rights ALL = new Rights(Globs.ALL, Globs.ALL, Globs.ALL, Set.of(ANY));

  static final Rights READER = new Rights(Globs.ALL, Globs.ALL, Globs.NONE, Set.of());

  /** Nothing. */
  public static final Rights NONE = new Rights(Globs.NONE, Globs.NONE, Globs.NONE, Set.of());

  /** Copies the sets. */
  public Rights {
    grants = Set.copyOf(grants);
    pages = Set.copyOf(pages);
  }

  /** Those of one role. */
  public Rights(Globs see, Globs subscribe, Globs publish, Set<String> pages) {
    this(see, Set.of(new Grant(see, subscribe)), publish, pages);
  }

  /** Whether a signal is there for him. */
  public boolean sees(String signalId) {
    return see.matches(signalId);
  }

  public boolean subscribes(String signalId) {
    return grants.stream().anyMatch(grant -> grant.covers(signalId));
  }

  public boolean publishes(String signalId) {
    return publish.matches(signalId);
  }

  /** Whether he may publish anything. */
  public boolean publishesAny() {
    return !publish.isEmpty();
  }

  /** Whether he may read pages of a kind. */
  public boolean reads(String kind) {
    return pages.contains(ANY) || pages.contains(kind);
  }

  Rights and(Rights other) {
    if (equals(NONE) || other.equals(NONE)) {
      return equals(NONE) ? other : this;
    }
    Set<String> allPages = new HashSet<>(pages);
    allPages.addAll(other.pages);
    Set<Grant> allGrants = new HashSet<>(grants);
    allGrants.addAll(other.grants);
    return new Rights(see.and(other.see), allGrants, publish.and(other.publish), allPages);
  }
}
