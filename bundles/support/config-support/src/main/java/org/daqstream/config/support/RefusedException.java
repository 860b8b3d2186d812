/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.support;

import org.daqstream.base.support.ForeignText;

/** A configured value that cannot be used; the message names key, value and what is allowed. */
public final class RefusedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int VALUE_LIMIT_CHARS = 300;

  /**
   * Refuses a value.
   *
   * @param key of the value
   * @param value as it was given
   * @param reason goes on from the value: "must be …", "is …"
   */
  public RefusedException(String key, Object value, String reason) {
    super(
        "key %s = '%s' %s"
            .formatted(key, ForeignText.plain(String.valueOf(value), VALUE_LIMIT_CHARS), reason));
  }
}
