/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.security.api;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** The tokens by which clients log in, for tools that make and revoke them; a service. */
@ProviderType
public interface TokenStore {
  /**
   * A token without its secret, which nobody knows but who was given it.
   *
   * @param id by which it is revoked
   * @param roles of who has it
   * @param name what it is for, in words
   * @param created when it was made
   */
  record Token(String id, Set<String> roles, String name, Instant created) {
    /** Copies the roles. */
    public Token {
      roles = Set.copyOf(roles);
    }
  }

  /**
   * Makes a token; it holds at once.
   *
   * @param roles at least one: letters, digits, {@code .}, {@code _} and {@code -}
   * @param name what it is for; may be empty
   * @return the token with its secret, which cannot be had again
   * @throws IllegalArgumentException with what is wrong with a role or the name
   * @throws IOException when the file cannot be written
   */
  String create(Set<String> roles, String name) throws IOException;

  /** All tokens, the oldest in front. */
  List<Token> tokens();

  /**
   * Revokes a token: who is connected with it has to leave at once.
   *
   * @return whether there was one
   * @throws IOException when the file cannot be written
   */
  boolean revoke(String id) throws IOException;
}
