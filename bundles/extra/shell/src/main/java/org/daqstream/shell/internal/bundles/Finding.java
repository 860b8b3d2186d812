/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.bundles;

/**
 * What keeps a bundle from being live: the kind of problem, empty when there is none; the import,
 * component or signal; and why, for the person who will mend it.
 */
record Finding(String problem, String what, String why) {
  static final String NO_BUNDLE = "no bundle";
  static final String NOT_INSTALLED = "not installed";
  static final String NOT_STARTED = "not started";
  static final String UNRESOLVED = "unresolved";
  static final String NOTHING_IN_IT = "nothing in it";
  static final String DISABLED = "disabled component";
  static final String NO_CONFIGURATION = "missing configuration";
  static final String NO_SERVICE = "unsatisfied reference";
  static final String FAILED = "failed component";
  static final String REFUSED_SIGNAL = "refused signal";

  static Finding live(String why) {
    return new Finding("", "", why);
  }

  boolean isProblem() {
    return !problem.isEmpty();
  }
}
