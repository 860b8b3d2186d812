/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** What the unit tests of several bundles need; no bundle, and part of nothing that is shipped. */
package org.daqstream.testing;
