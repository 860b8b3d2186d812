/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** Commands about players. */
package org.daqstream.shell.internal.players;
