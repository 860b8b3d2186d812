/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** What all commands have in common, and their way into the framework. */
package org.daqstream.shell.internal;
