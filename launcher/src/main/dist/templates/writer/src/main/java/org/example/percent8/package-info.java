/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/** A data type and its writer: percentages in a byte each. */
package org.example.percent8;
