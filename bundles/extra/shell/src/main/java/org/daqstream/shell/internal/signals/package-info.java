/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** The commands {@code signal:*}. */
package org.daqstream.shell.internal.signals;
