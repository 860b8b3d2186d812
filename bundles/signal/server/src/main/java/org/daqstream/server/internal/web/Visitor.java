/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import org.daqstream.security.api.Authenticator;
import org.daqstream.security.api.Identity;

/**
 * Somebody who was let in.
 *
 * @param identity {@code null} for whoever did not log in
 * @param by who knows him
 * @param session of a browser; {@code null} for those who show their credentials each time
 */
record Visitor(Identity identity, Authenticator by, Sessions.Session session) {
  static final Visitor ANONYMOUS = new Visitor(null, null, null);

  boolean isAnonymous() {
    return identity == null;
  }
}
