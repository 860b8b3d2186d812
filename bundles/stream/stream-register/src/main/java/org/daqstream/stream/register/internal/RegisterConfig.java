/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.register.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Configuration of the register; a change takes effect for streams opened afterwards. */
@ObjectClassDefinition(
    name = "daqstream stream register",
    description = "Limits and deadlines of the streams between modules.")
@interface RegisterConfig {

  @AttributeDefinition(
      name = "Strict types",
      description =
          "Refuse a manifest with an unknown stream type or a port given as a number, as the C code"
              + " does. Off: an unknown type is accepted and can be opened once its bundle is there.")
  boolean strictTypes() default false;

  @AttributeDefinition(
      name = "Queue messages",
      description = "Per input: at so many waiting chunks or messages reading stops.",
      min = "1",
      max = "16777216")
  int queueMessages() default 65_536;

  @AttributeDefinition(
      name = "Queue bytes",
      description = "Per input: at so many waiting bytes reading stops.",
      min = "1",
      max = "1099511627776")
  long queueBytes() default 4_194_304;

  @AttributeDefinition(
      name = "Flush timeout (ms)",
      description = "How long a close goes on sending what is queued, unless the module says.",
      min = "0",
      max = "3600000")
  long flushTimeoutMs() default 5000;

  @AttributeDefinition(
      name = "Leave timeout (ms)",
      description =
          "How long streams go on sending when their transport leaves or their definition changes.",
      min = "0",
      max = "3600000")
  long leaveTimeoutMs() default 1000;
}
