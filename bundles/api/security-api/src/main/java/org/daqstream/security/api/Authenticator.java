/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.security.api;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Knows somebody by credentials; register it as a service. All are asked in the order of their
 * service rankings, until one knows them. When the service goes, those whom it knew have to leave.
 */
@ConsumerType
public interface Authenticator {
  /**
   * Looks who has these credentials. On a thread that may block; four tokens, four passwords and
   * four certificates at a time, others of their kind are told to come later (503). So return at
   * once for a kind that is not known here. Compare secrets in constant time, and put none into a
   * log or an exception.
   *
   * @param credentials of somebody who wants in
   * @return who that is; empty if not known here, or not with this secret
   */
  Optional<Identity> authenticate(Credentials credentials);

  /**
   * Looks whether somebody may stay, and with which roles: several times a second for each that is
   * connected, so that what is withdrawn takes effect at once. Any thread; must not block.
   *
   * @param identity as given before
   * @return the same, or with other roles; empty if no longer known. By default whoever came in
   *     stays.
   */
  default Optional<Identity> current(Identity identity) {
    return Optional.of(identity);
  }

  /**
   * Has the server told when {@link #current} may answer something else than before: it asks then,
   * and need not wait until it would ask anyway, a quarter of a second at most. By default nobody
   * is told. What was given before is not told any more.
   *
   * @param changed to be called by any thread, with no lock held; perhaps once too often
   */
  default void whenChanged(Runnable changed) {}
}
