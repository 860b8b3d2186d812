/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import org.junit.Test;

/** A token in the path of an address is for the device only. */
public class SecretAddressTest {
  @Test
  public void theDeviceIsToldTheTokenAndNobodyElse() {
    DeviceAddress address = DeviceAddress.parse("daq.lt://device/token/dqs_1_x/stream");
    assertEquals("ws://device:7414/token/***/stream", address.toString());
    assertEquals("ws://device:7414/token/dqs_1_x/stream", address.toUri().toString());
    assertEquals("ws://a:1/stream", DeviceAddress.parse("a:1/stream").toString());
    assertEquals("ws://a:1/", DeviceAddress.parse("a:1").toString());
  }

  @Test
  public void noRefusalTellsIt() {
    for (String wrong :
        new String[] {
          "ftp://a/token/dqs_1_x",
          "ws://a b/token/dqs_1_x",
          "ws:///token/dqs_1_x",
          "a:0/token/dqs_1_x"
        }) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> DeviceAddress.parse(wrong));
      assertFalse(e.getMessage(), e.getMessage().contains("dqs_"));
    }
  }
}
