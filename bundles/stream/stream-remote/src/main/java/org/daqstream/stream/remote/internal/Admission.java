/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.remote.internal;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.daqstream.security.api.Authenticator;
import org.daqstream.security.api.Credentials;
import org.daqstream.security.api.Identity;

/** Who may be which instance. */
final class Admission {
  private final Settings settings;
  private final List<Authenticator> authenticators;

  /** Who has come, and who knows him; the latter is null for the runtime's own user. */
  record Guest(String name, Identity identity, Authenticator knownBy) {}

  Admission(Settings settings, List<Authenticator> authenticators) {
    this.settings = settings;
    this.authenticators = authenticators;
  }

  /** Whether nobody may be this instance. */
  boolean isClosed(String instance) {
    return instance.isEmpty() || !settings.instances().wants(instance);
  }

  /** A process of the runtime's own user. */
  static Guest ownUser(String user) {
    return new Guest(user, null, null);
  }

  /**
   * Who has a token, or else a certificate; may block.
   *
   * @param subject of the certificate, as in RFC 2253; empty without one
   * @return empty for who is not known, or must not be this instance
   */
  Optional<Guest> find(String instance, String token, String subject) {
    InetAddress from = InetAddress.getLoopbackAddress();
    Credentials credentials =
        token.isEmpty()
            ? Credentials.ofCertificates(subject.isEmpty() ? List.of() : List.of(subject), from)
            : Credentials.ofToken(token, from);
    for (Authenticator authenticator : authenticators) {
      Optional<Identity> identity = authenticator.authenticate(credentials);
      if (identity.isPresent()) {
        return identity
            .filter(who -> mayBe(who, instance))
            .map(who -> new Guest(who.name(), who, authenticator));
      }
    }
    return Optional.empty();
  }

  private boolean mayBe(Identity who, String instance) {
    return who.roles().contains(settings.role())
        || who.roles().contains(settings.role() + "." + instance);
  }

  /** Whether somebody who has come may stay; does not block. */
  boolean mayStay(Guest guest, String instance) {
    return guest.knownBy() == null
        || (authenticators.contains(guest.knownBy())
            && guest
                .knownBy()
                .current(guest.identity())
                .filter(who -> mayBe(who, instance))
                .isPresent());
  }
}
