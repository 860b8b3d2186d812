/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * Parquet files: {@code RowBuffer} keeps rows apart by columns, {@code ChunkEncoder} makes pages of
 * them, {@code RecordFile} holds these in records that survive a crash, {@code Footer} makes a file
 * of it, and {@code ParquetReader} reads it.
 */
package org.daqstream.recording.parquet.internal;
