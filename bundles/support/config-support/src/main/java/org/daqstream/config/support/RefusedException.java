/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.config.support;

import java.util.regex.Pattern;
import org.daqstream.base.support.ForeignText;

/**
 * A configured value that cannot be used; the message names key, value and what is allowed, but no
 * token in the path of an address.
 */
public final class RefusedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int VALUE_LIMIT_CHARS = 300;
  private static final Pattern TOKEN = Pattern.compile("/token/[^/?#]+");

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
            .formatted(key, ForeignText.plain(withoutToken(value), VALUE_LIMIT_CHARS), reason));
  }

  private static String withoutToken(Object value) {
    return TOKEN.matcher(String.valueOf(value)).replaceAll("/token/***");
  }
}
