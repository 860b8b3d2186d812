/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.util.List;
import java.util.stream.IntStream;
import org.daqstream.base.support.IdPatterns;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * A pattern of signal ids: {@code *} is any text without a slash, {@code **} any text, {@code ?}
 * one character but a slash. Without any of these it is an id.
 */
final class SignalGlob {
  /** Every signal. */
  static final SignalGlob ALL = new SignalGlob("**");

  private final String text;
  private final IdPatterns pattern;

  SignalGlob(String text) {
    this.text = text;
    pattern = new IdPatterns(List.of(text));
  }

  /** Whether it may stand for several ids. */
  boolean isPattern() {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  boolean matches(String signalId) {
    return pattern.wants(signalId);
  }

  @Override
  public String toString() {
    return text;
  }

  /**
   * The places of the signals of a recording that are meant: all when there are no patterns.
   *
   * @throws CliException when a pattern means none
   */
  static int[] places(List<SignalGlob> globs, List<SignalDescriptor> signals) {
    List<String> ids = signals.stream().map(SignalDescriptor::signalId).toList();
    for (SignalGlob each : globs) {
      if (ids.stream().noneMatch(each::matches)) {
        throw new CliException(
            Daqstream.FAILED, "no signal is meant by '" + each + "'; there are " + ids);
      }
    }
    return IntStream.range(0, ids.size())
        .filter(i -> globs.isEmpty() || globs.stream().anyMatch(each -> each.matches(ids.get(i))))
        .toArray();
  }
}
