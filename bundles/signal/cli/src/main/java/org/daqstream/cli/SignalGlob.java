/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.cli;

import java.util.List;
import org.daqstream.base.support.IdPatterns;

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
}
