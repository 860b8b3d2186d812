/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

/** Messages captured between stock peers are read, and written again byte by byte the same. */
public class CapturedTest {
  private static final List<String> METADATA =
      List.of(
          Captured.LT_API_VERSION,
          Captured.LT_INIT,
          Captured.LT_AVAILABLE,
          Captured.LT_DOMAIN_SUBSCRIBE,
          Captured.LT_DOMAIN_SIGNAL,
          Captured.LT_EXPLICIT_DOMAIN_SIGNAL,
          Captured.LT_VALUE_SIGNAL,
          Captured.WSS_INIT,
          Captured.WSS_CLIENT_INIT,
          Captured.WSS_REQUEST,
          Captured.WSS_RESPONSE,
          Captured.WSS_DOMAIN_SIGNAL,
          Captured.WSS_VALUE_SIGNAL,
          Captured.WSS_EXPLICIT_DOMAIN_SIGNAL,
          Captured.WSS_STRUCT_SIGNAL);

  @Test
  public void metadataComesOutAsItWentIn() throws ProtocolException { // case 86
    for (String packet : METADATA) {
      int signo = Bytes.buffer(packet).getInt() & PacketHeader.SIGNO_MAX;
      Metadata message = Bytes.message(packet);
      assertEquals(message.toString(), packet, Bytes.hex(MetadataCodec.packet(signo, message)));
    }
  }

  @Test
  public void greetingsAreUnderstood() throws ProtocolException {
    ApiVersion version = ApiVersion.parse(Bytes.message(Captured.LT_API_VERSION).params());
    assertEquals(new ApiVersion("1.5.0"), version);
    assertTrue(version.isAtLeast(ApiVersion.V1_2_0));
    Init init = Init.parse(Bytes.message(Captured.WSS_INIT).params());
    assertEquals(
        CommandInterfaces.inBandAndHttp(7438, "/").interfaces().get(1),
        init.commandInterfaces().interfaces().get(1));
    CommandResponse response = CommandResponse.parse(Bytes.message(Captured.WSS_RESPONSE).params());
    assertTrue(response.isDone(0));
  }
}
