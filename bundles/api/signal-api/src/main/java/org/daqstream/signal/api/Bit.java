/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.signal.api;

/**
 * The meaning of one bit of a {@link DataTypes#BIT_FIELD} sample.
 *
 * @param index position, 0 is the least significant bit
 * @param description what it means when it is set
 * @param uuid identifies the meaning across devices; may be empty
 */
public record Bit(int index, String description, String uuid) {}
