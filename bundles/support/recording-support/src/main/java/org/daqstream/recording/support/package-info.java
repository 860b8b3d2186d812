/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** Rows of a table, made of the blocks of its signals. Copied into those who record. */
package org.daqstream.recording.support;
