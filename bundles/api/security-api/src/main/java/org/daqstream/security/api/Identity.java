/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.security.api;

import java.util.Set;

/**
 * Somebody known; nothing of it is secret.
 *
 * @param name for people, in logs
 * @param reference by which the authenticator finds him again
 * @param roles what he may do is what any of them may
 */
public record Identity(String name, String reference, Set<String> roles) {
  /** Copies the roles. */
  public Identity {
    roles = Set.copyOf(roles);
  }
}
