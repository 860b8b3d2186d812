/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * How every component reads its configuration, and the clock of those that make times; no bundle to
 * install, embedded in each that needs it.
 */
package org.daqstream.config.support;
