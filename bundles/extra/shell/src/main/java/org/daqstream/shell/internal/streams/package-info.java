/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** The commands {@code stream:*} and {@code module:*}. */
package org.daqstream.shell.internal.streams;
