/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.log;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.daqstream.protocol.Metadata;
import org.daqstream.protocol.MetadataCodec;
import org.daqstream.protocol.PacketHeader;
import org.daqstream.protocol.PeerProfile;
import org.daqstream.protocol.SignalDocument;
import org.daqstream.signal.api.RelatedSignal;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * One state of a signal's description with the reasons not to offer it to some families of clients
 * (a type that would end their session, say), and for the others its encoded {@code signal}
 * messages, made once when the description changes so that telling it to a client is a copy.
 */
public final class SignalVersion {
  /** Encodes with nine bytes, of which the last eight are replaced for each client. */
  private static final long VALUE_INDEX_PLACE = Long.MAX_VALUE;

  public final SignalDescriptor descriptor;

  /** The data type's part of the definition: what the samples in the log are. */
  public final Map<String, Object> definition;

  private final int signo;
  private final SignalDescriptor domain;
  private final Map<PeerProfile, byte[]> signalPackets = new EnumMap<>(PeerProfile.class);
  private final Map<PeerProfile, String> refusals = new ConcurrentHashMap<>();

  /**
   * Encodes a description, of which the definition is the data type's part; a domain signal is its
   * own domain.
   */
  SignalVersion(
      int signo,
      SignalDescriptor descriptor,
      Map<String, Object> definition,
      SignalDescriptor domain) {
    this.signo = signo;
    this.domain = domain;
    this.descriptor = descriptor;
    this.definition = definition;
    for (PeerProfile profile : PeerProfile.values()) {
      String refusal = SignalDocument.refusal(descriptor, definition, profile);
      if (refusal.isEmpty()) {
        signalPackets.put(profile, encoded(profile, descriptor));
      } else {
        refusals.put(profile, refusal);
      }
    }
  }

  private byte[] encoded(PeerProfile profile, SignalDescriptor told) {
    JsonNode params =
        SignalDocument.of(
            asTold(profile, told, domain.rule()),
            definition,
            domain.signalId(),
            VALUE_INDEX_PLACE,
            profile);
    return MetadataCodec.packet(signo, new Metadata("signal", params));
  }

  private static SignalDescriptor asTold(
      PeerProfile profile, SignalDescriptor descriptor, Rule domainRule) {
    return descriptor.rule() instanceof Rule.Constant
            && !profile.takesConstants(domainRule instanceof Rule.Linear)
        ? descriptor.toBuilder().rule(Rule.EXPLICIT).build()
        : descriptor;
  }

  /** Families that cannot be offered the signal, each with the reason. */
  Map<PeerProfile, String> refusals() {
    return refusals;
  }

  /** From now on the signal is not offered to a family: what it has to send turned out so. */
  public void refuse(PeerProfile profile, String reason) {
    refusals.put(profile, reason);
  }

  public boolean suits(PeerProfile profile) {
    return !refusals.containsKey(profile);
  }

  private boolean hidesAny(Predicate<String> sees) {
    List<RelatedSignal> related = descriptor.relatedSignals();
    return !related.isEmpty() && !related.stream().allMatch(each -> sees.test(each.signalId()));
  }

  private SignalDescriptor as(Predicate<String> sees) {
    List<RelatedSignal> seen =
        descriptor.relatedSignals().stream().filter(each -> sees.test(each.signalId())).toList();
    return descriptor.toBuilder().relatedSignals(seen).build();
  }

  /**
   * The {@code signal} packet for a client whose next sample has the given row.
   *
   * @param number of the signal for the client
   * @param sees whether a related signal, by its id, is there for the client
   */
  public byte[] signalPacket(
      PeerProfile profile, int number, long valueIndex, Predicate<String> sees) {
    byte[] packet =
        hidesAny(sees) ? encoded(profile, as(sees)) : signalPackets.get(profile).clone();
    ByteBuffer header = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0, (header.getInt(0) & ~PacketHeader.SIGNO_MAX) | number);
    // Keys are sorted, so the number of "valueIndex" is the last thing in the message.
    for (int i = 1; i <= Long.BYTES; i++) {
      packet[packet.length - i] = (byte) (valueIndex >>> (8 * (i - 1)));
    }
    return packet;
  }
}
