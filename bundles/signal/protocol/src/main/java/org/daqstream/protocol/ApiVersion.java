/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/**
 * Message {@code apiVersion}: the first one on every connection (protocol sections 2.1, 2.2).
 *
 * @param version three numbers with dots; anything in one that was received
 */
public record ApiVersion(String version) {
  /** Method of this message. */
  public static final String METHOD = "apiVersion";

  /** What a server announces to clients that do not greet back. */
  public static final ApiVersion V1_2_0 = new ApiVersion("1.2.0");

  /** From this version on both sides greet and may publish signals. */
  public static final ApiVersion V2_0_0 = new ApiVersion("2.0.0");

  private static final int PARTS = 3;

  /** {@return the encoded message} */
  public Metadata toMetadata() {
    return new Metadata(METHOD, JsonNodeFactory.instance.objectNode().put("version", version));
  }

  /**
   * {@return the version of any parameters of the message, to be checked with {@link
   * #isWellFormed}; a missing one is empty}
   */
  public static ApiVersion parse(JsonNode params) {
    return new ApiVersion(params.path("version").asText(""));
  }

  /**
   * {@return whether it is three numbers with dots, which some clients insist on; any other
   * deserves a warning}
   */
  public boolean isWellFormed() {
    return version.matches("[0-9]{1,9}\\.[0-9]{1,9}\\.[0-9]{1,9}");
  }

  /**
   * Compares number by number; a part that is missing or no number counts as 0.
   *
   * @param other the version asked for
   * @return whether this one is the same or newer
   */
  public boolean isAtLeast(ApiVersion other) {
    String[] mine = version.split("\\.", PARTS + 1);
    String[] its = other.version.split("\\.", PARTS + 1);
    for (int i = 0; i < PARTS; i++) {
      int difference = Integer.compare(part(mine, i), part(its, i));
      if (difference != 0) {
        return difference > 0;
      }
    }
    return true;
  }

  private static int part(String[] parts, int index) {
    return index < parts.length && parts[index].matches("[0-9]{1,9}")
        ? Integer.parseInt(parts[index])
        : 0;
  }
}
