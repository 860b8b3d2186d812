/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** How every component reads its configuration; no bundle to install, embedded in each. */
package org.daqstream.config.support;
