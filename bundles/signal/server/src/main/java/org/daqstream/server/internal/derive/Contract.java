/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.derive;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a client wants a signal, told behind its id (protocol section 2.7):
 *
 * <pre>
 * SIGNAL?contract=disconnect      SIGNAL?contract=latest&amp;perSecond=N
 * SIGNAL?contract=gap             SIGNAL?contract=envelope&amp;perSecond=N
 * </pre>
 *
 * @param kind what it gets when it cannot, or does not want to, take every sample
 * @param signalId the signal that it means
 * @param perSecond the most updates or points in a second of the domain; 0 where all samples come
 */
public record Contract(Kind kind, String signalId, int perSecond) {
  static final int PER_SECOND_MAX = 1_000;

  private static final Pattern FORM =
      Pattern.compile(
          "(.+)[?]contract=(?:(disconnect|gap)|(latest|envelope)&perSecond=([1-9][0-9]{0,3}))",
          Pattern.DOTALL);

  /** What a client gets. */
  public enum Kind {
    /** All samples; what happens when it is too slow is the server's choice. */
    SERVER,
    /** All samples, or the connection ends. */
    DISCONNECT,
    /** All samples but for holes that it is told of. */
    GAP,
    /** The newest sample, now and then. */
    LATEST,
    /** Extremes of what lies between points. */
    ENVELOPE;

    /** Whether what comes is made of the signal's samples and is not these. */
    public boolean isDerived() {
      return this == LATEST || this == ENVELOPE;
    }
  }

  /** Reads the id in a command; {@code null} when there is no proper contract in it. */
  public static Contract parse(String wantedId) {
    if (wantedId.indexOf("?contract=") < 0) {
      return null; // most ids are only ids
    }
    Matcher form = FORM.matcher(wantedId);
    if (!form.matches()) {
      return null;
    }
    boolean derived = form.group(2) == null;
    int perSecond = derived ? Integer.parseInt(form.group(4)) : 0;
    return perSecond > PER_SECOND_MAX
        ? null
        : new Contract(kind(form.group(derived ? 3 : 2)), form.group(1), perSecond);
  }

  private static Kind kind(String word) {
    return switch (word) {
      case "disconnect" -> Kind.DISCONNECT;
      case "gap" -> Kind.GAP;
      case "latest" -> Kind.LATEST;
      default -> Kind.ENVELOPE;
    };
  }
}
