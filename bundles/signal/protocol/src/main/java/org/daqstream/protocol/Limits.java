/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

/**
 * Bounds on what comes from outside. Declared lengths and counts above them are refused before
 * anything is allocated.
 *
 * @param packetBytes largest payload of a packet, below 2^28 (so that no length word can look like
 *     the header of a packet)
 * @param metadataBytes largest metadata payload, also the largest body of a command
 * @param depth deepest nesting of maps and arrays
 * @param nodes most values in one document, also in a signal document merged from several
 * @param stringBytes longest string or binary value
 */
public record Limits(int packetBytes, int metadataBytes, int depth, int nodes, int stringBytes) {
  /** 16 MiB packets, 4 MiB metadata, 32 levels, 200 000 values, 64 KiB strings. */
  public static final Limits DEFAULT = new Limits(16 << 20, 4 << 20, 32, 200_000, 64 << 10);

  /** Refuses limits that let nothing or too much pass. */
  public Limits {
    if (packetBytes < 1 || packetBytes >= 1 << 28) {
      throw new IllegalArgumentException("limit packetBytes must be 1 to 2^28-1: " + packetBytes);
    }
    if (depth < 1 || depth > 256) {
      throw new IllegalArgumentException("limit depth must be 1 to 256: " + depth);
    }
    if (metadataBytes < 4 || nodes < 1 || stringBytes < 1) {
      throw new IllegalArgumentException(
          "limits must be > 0: metadataBytes %s, nodes %s, stringBytes %s"
              .formatted(metadataBytes, nodes, stringBytes));
    }
  }
}
