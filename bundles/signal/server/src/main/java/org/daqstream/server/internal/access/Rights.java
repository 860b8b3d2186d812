/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.access;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What somebody may do; immutable.
 *
 * @param see ids of signals that are there for him
 * @param subscribe those of them that he may subscribe
 * @param publish ids under which he may offer signals
 * @param pages kinds of pages that he may read, besides those for everybody; {@link #ANY} is all
 * @param roles what each of several roles may, for what one lets him subscribe is of what that one
 *     lets him see; empty for one role
 */
public record Rights(
    Globs see, Globs subscribe, Globs publish, Set<String> pages, List<Rights> roles) {
  /** Stands for every kind of page. */
  public static final String ANY = "*";

  /** Everything, as on a server that asks nobody. */
  public static final Rights ALL = new Rights(Globs.ALL, Globs.ALL, Globs.ALL, Set.of(ANY));

  static final Rights READER = new Rights(Globs.ALL, Globs.ALL, Globs.NONE, Set.of());

  /** Nothing. */
  public static final Rights NONE = new Rights(Globs.NONE, Globs.NONE, Globs.NONE, Set.of());

  /** Copies the pages. */
  public Rights {
    pages = Set.copyOf(pages);
    roles = List.copyOf(roles);
  }

  /** Those of one role. */
  public Rights(Globs see, Globs subscribe, Globs publish, Set<String> pages) {
    this(see, subscribe, publish, pages, List.of());
  }

  /** Whether a signal is there for him. */
  public boolean sees(String signalId) {
    return see.matches(signalId);
  }

  /** Whether every signal is there for him. */
  public boolean seesAll() {
    return see.isAll();
  }

  public boolean subscribes(String signalId) {
    return roles.isEmpty()
        ? see.matches(signalId) && subscribe.matches(signalId)
        : roles.stream().anyMatch(role -> role.subscribes(signalId));
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
    return new Rights(
        see.and(other.see),
        subscribe.and(other.subscribe),
        publish.and(other.publish),
        allPages,
        Stream.of(this, other).flatMap(Rights::each).toList());
  }

  private Stream<Rights> each() {
    return roles.isEmpty() ? Stream.of(this) : roles.stream();
  }
}
