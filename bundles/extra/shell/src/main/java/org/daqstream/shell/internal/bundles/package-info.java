/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** The command that tells why a plug-in is not live. */
package org.daqstream.shell.internal.bundles;
