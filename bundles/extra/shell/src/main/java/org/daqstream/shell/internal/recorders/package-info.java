/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** Commands about recorders. */
package org.daqstream.shell.internal.recorders;
