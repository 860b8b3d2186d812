/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * The page for browsers: gives the files that were built from {@code ui} to whatever servers there
 * are. It knows nothing of signals; the page itself is a client like any other.
 */
package org.daqstream.viewer.internal;
