/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.client.internal;

import java.nio.ByteBuffer;
import java.util.Map;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.protocol.SignalMessage;
import org.daqstream.protocol.Supported;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * A connection on which signals of this side may go, and what the device takes.
 *
 * @param output where packets go
 * @param streamId what the device's commands begin with
 * @param profile in which form it understands signals
 * @param messageLimitBytes the largest message that it takes
 */
record OwnLink(PacketOutput output, String streamId, PeerProfile profile, int messageLimitBytes) {
  /** The largest payload of a data packet. */
  int payloadLimitBytes() {
    return messageLimitBytes - PacketHeader.LONG_BYTES;
  }

  /** Whether constants go with their rows; else as samples with holes between. */
  boolean takesConstants(SignalDescriptor descriptor, boolean isLinear) {
    return descriptor.rule() instanceof Rule.Constant && profile.takesConstants(isLinear);
  }

  /** What the device is told of this side beyond the protocol's text. */
  Supported supported() {
    return profile == PeerProfile.FULL ? new Supported(true, 0, 0) : Supported.NOTHING;
  }

  /** The message that describes a signal of which the next sample has the row. */
  byte[] document(
      int signo,
      SignalDescriptor descriptor,
      Map<String, Object> definition,
      SignalDescriptor domain,
      long row) {
    boolean isLinear = domain.rule() instanceof Rule.Linear;
    SignalDescriptor told =
        descriptor.rule() instanceof Rule.Constant && !takesConstants(descriptor, isLinear)
            ? descriptor.toBuilder().rule(Rule.EXPLICIT).build()
            : descriptor;
    return MetadataCodec.packet(
        signo,
        new Metadata(
            SignalMessage.METHOD,
            SignalDocument.of(told, definition, domain.signalId(), row, profile)));
  }

  /** Sends what must arrive, or gives the connection up. */
  void tell(byte[] packet) {
    if (!output.message(packet)) {
      output.abort();
    }
  }

  void tell(ByteBuffer packet) {
    byte[] bytes = new byte[packet.remaining()];
    packet.get(bytes);
    tell(bytes);
  }

  void tell(int signo, Metadata message) {
    tell(MetadataCodec.packet(signo, message));
  }
}
