/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** Plug-ins that tests install into a runtime; they know the APIs alone. */
package org.daqstream.itest.plugin;
