/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Knows clients by tokens, of which a file has salted hashes, and by the subjects of their
 * certificates, which stand in the same file.
 */
package org.daqstream.login.tokens.internal;
