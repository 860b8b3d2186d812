/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.api;

/**
 * One thing wrong in a manifest.
 *
 * @param instance module instance; empty when the problem is outside of one
 * @param stream stream name; empty when the problem is outside of one
 * @param key the key with the problem, for example {@code parameters.port}
 * @param value its value as JSON; empty when the key is missing
 * @param message what is wrong with it and what would be right
 */
public record ManifestProblem(
    String instance, String stream, String key, String value, String message) {
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (!instance.isEmpty()) {
      text.append("instance '").append(instance).append("', ");
    }
    if (!instance.isEmpty() && !key.isEmpty()) {
      text.append("stream '").append(stream).append("', ");
    }
    if (!key.isEmpty()) {
      text.append("key '").append(key).append("', ");
      text.append(value.isEmpty() ? "missing" : "value " + value).append(": ");
    }
    return text.append(message).toString();
  }
}
