/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** A file format for recordings: a record for each row. */
package org.example.rows;
