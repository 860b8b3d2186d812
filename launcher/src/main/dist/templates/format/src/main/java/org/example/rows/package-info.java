/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** A file format for recordings: rows as lines of text. */
package org.example.rows;
