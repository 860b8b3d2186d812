/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** The way of the shell's commands into Karaf's console. */
package org.daqstream.shell.karaf.internal;
