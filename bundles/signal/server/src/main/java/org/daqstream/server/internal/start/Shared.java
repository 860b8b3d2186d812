/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.start;

import org.daqstream.server.internal.access.Roles;
import org.daqstream.server.internal.web.Authenticators;
import org.daqstream.server.internal.web.HttpPages;
import org.daqstream.server.internal.web.PeerTakers;

/** What all servers have in common: it comes from other bundles, or is configured for all. */
record Shared(HttpPages pages, PeerTakers takers, Authenticators authenticators, Roles roles) {
  Shared() {
    this(new HttpPages(), new PeerTakers(), new Authenticators(), new Roles());
  }
}
