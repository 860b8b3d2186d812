/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.support;

/** Something a module will hear of. Of the last three methods one is called, once. */
public interface ClientEvent {
  /** Whether its stream was closed, so that nobody is to hear of it. */
  boolean isOutdated();

  /** Runs the module's code and then gives back what the event holds, also when that throws. */
  void deliver();

  /** Gives back what the event holds; nobody has heard of it. */
  void drop();
}
