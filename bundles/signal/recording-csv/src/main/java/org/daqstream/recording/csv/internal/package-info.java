/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * CSV files: {@code CsvFormat} keeps the descriptions in a file of their own beside the table, so
 * that whoever reads tables needs no options.
 */
package org.daqstream.recording.csv.internal;
