/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** Commands on who may log in. */
package org.daqstream.shell.internal.logins;
