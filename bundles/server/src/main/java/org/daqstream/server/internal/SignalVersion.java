/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumMap;
import java.util.Map;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * One state of a signal's description with its encoded {@code signal} messages, made once when the
 * description changes so that telling it to a client is a copy.
 */
final class SignalVersion {
  /** Encodes with nine bytes, of which the last eight are replaced for each client. */
  private static final long VALUE_INDEX_PLACE = Long.MAX_VALUE;

  final SignalDescriptor descriptor;
  private final Map<PeerProfile, byte[]> signalPackets = new EnumMap<>(PeerProfile.class);

  /**
   * Encodes a description.
   *
   * @param signo the signal's number
   * @param descriptor what it is
   * @param definition the data type's part of the definition
   * @param tableId id of its domain signal
   */
  SignalVersion(
      int signo, SignalDescriptor descriptor, Map<String, Object> definition, String tableId) {
    this.descriptor = descriptor;
    for (PeerProfile profile : PeerProfile.values()) {
      final JsonNode params =
          SignalDocument.of(descriptor, definition, tableId, VALUE_INDEX_PLACE, profile);
      signalPackets.put(profile, MetadataCodec.packet(signo, new Metadata("signal", params)));
    }
  }

  /** The {@code signal} packet for a client whose next sample has the given row. */
  byte[] signalPacket(PeerProfile profile, long valueIndex) {
    final byte[] packet = signalPackets.get(profile).clone();
    // Keys are sorted, so the number of "valueIndex" is the last thing in the message.
    for (int i = 1; i <= Long.BYTES; i++) {
      packet[packet.length - i] = (byte) (valueIndex >>> (8 * (i - 1)));
    }
    return packet;
  }
}
