/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

/** Parameters of {@code signal} messages, with single quotes. */
final class Documents {
  private Documents() {}

  static String linearTime(String signalId, long delta) {
    return """
        {definition: {name: 'Time', rule: 'linear', linear: {delta: %d}, dataType: 'int64',
          unit: {displayName: 's', unitId: 5457219, quantity: 'time'},
          resolution: {num: 1, denom: 1000000000}, absoluteReference: '1970-01-01'},
         tableId: '%s', valueIndex: 0}"""
        .formatted(delta, signalId);
  }

  static String explicitTime(String signalId) {
    return """
        {definition: {name: 'Time', rule: 'explicit', dataType: 'int64',
          unit: {displayName: 's', unitId: 5457219, quantity: 'time'},
          resolution: {num: 1, denom: 1000000000}, absoluteReference: '1970-01-01'},
         tableId: '%s', valueIndex: 0}"""
        .formatted(signalId);
  }

  static String value(String signalId, String domainId, String dataType, long valueIndex) {
    return value(signalId, domainId, dataType, "explicit", valueIndex);
  }

  static String value(
      String signalId, String domainId, String dataType, String rule, long valueIndex) {
    return """
        {definition: {name: '%s', rule: '%s', dataType: '%s'}, tableId: '%s', valueIndex: %d,
         relatedSignals: [{type: 'domain', signalId: '%s'}]}"""
        .formatted(signalId, rule, dataType, domainId, valueIndex, domainId);
  }
}
