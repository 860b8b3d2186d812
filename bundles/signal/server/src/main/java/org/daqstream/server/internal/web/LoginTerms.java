/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

/**
 * Who may come in, as configured.
 *
 * @param isNeeded whether nobody may without a login
 * @param anonymousRole what those may who come without one
 */
public record LoginTerms(boolean isNeeded, String anonymousRole) {}
