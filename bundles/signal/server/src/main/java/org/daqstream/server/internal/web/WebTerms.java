/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.util.Set;

/**
 * What web pages may do, as configured.
 *
 * @param allowedOrigins pages of others that may connect; {@link #ANY} among them lets in all
 * @param hostNames names by which the server may be asked, besides those that it knows itself
 */
public record WebTerms(Set<String> allowedOrigins, Set<String> hostNames) {
  static final String ANY = "*";
}
