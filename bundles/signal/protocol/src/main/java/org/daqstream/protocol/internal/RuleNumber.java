/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol.internal;

import org.daqstream.signal.api.Rule;

/** Numbers of rules in {@code interpretation.rule.type} (protocol section 3.1). */
final class RuleNumber {
  static final int LINEAR = 1;
  static final int CONSTANT = 2;
  static final int EXPLICIT = 3;

  private RuleNumber() {}

  static int of(Rule rule) {
    if (rule instanceof Rule.Linear) {
      return LINEAR;
    }
    return rule instanceof Rule.Constant ? CONSTANT : EXPLICIT;
  }
}
