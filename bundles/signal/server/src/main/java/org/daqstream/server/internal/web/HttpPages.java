/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.daqstream.server.api.HttpPage;
import org.daqstream.server.internal.access.Rights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages that other bundles add to the HTTP side; any thread. */
public final class HttpPages {
  private static final Logger LOG = LoggerFactory.getLogger(HttpPages.class);

  /** Pages may block, and most of the pool's threads are for clients. */
  private static final int MADE_AT_A_TIME = 4;

  private final List<Registered> pages = new CopyOnWriteArrayList<>();
  private final Semaphore making = new Semaphore(MADE_AT_A_TIME);

  private record Registered(Page page, String path, int ranking) {}

  /**
   * A page, and the kind of those that need a right; empty for one that is for all who may come in.
   */
  record Page(HttpPage page, String kind) {
    boolean isFor(Rights rights) {
      return kind.isEmpty() || rights.reads(kind);
    }
  }

  public void add(HttpPage page, Map<String, ?> properties) {
    if (properties.get(HttpPage.PATH) instanceof String path && path.startsWith("/")) {
      int ranking = properties.get("service.ranking") instanceof Integer i ? i : 0;
      String kind = properties.get(HttpPage.KIND) instanceof String text ? text : "";
      pages.add(new Registered(new Page(page, kind), path, ranking));
    } else {
      LOG.warn(
          "HTTP page {} is left out: service property {} = '{}', it must be a path that starts with"
              + " '/'",
          page.getClass().getName(),
          HttpPage.PATH,
          properties.get(HttpPage.PATH));
    }
  }

  public void remove(HttpPage page) {
    pages.removeIf(registered -> registered.page.page == page);
  }

  /** The page at a path, {@code null} if there is none. */
  Page find(String path) {
    return pages.stream()
        .filter(registered -> registered.path.equals(path))
        .max(Comparator.comparingInt(Registered::ranking))
        .map(Registered::page)
        .orElse(null);
  }

  /** Whether a page may be made now; {@link #made} is to be called afterwards. */
  boolean mayMake() {
    return making.tryAcquire();
  }

  void made() {
    making.release();
  }
}
