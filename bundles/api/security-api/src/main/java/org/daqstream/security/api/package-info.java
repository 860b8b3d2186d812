/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Who somebody is that wants in, and which roles he has: register an {@link
 * org.daqstream.security.api.Authenticator} to put a directory, JAAS or an identity provider behind
 * the servers. What a role may do is configuration of the server.
 */
@Export
@Version("1.1.0")
package org.daqstream.security.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
