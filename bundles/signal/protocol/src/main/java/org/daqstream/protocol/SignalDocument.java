/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.daqstream.protocol.internal.SignalDocumentReader;
import org.daqstream.protocol.internal.SignalDocumentWriter;
import org.daqstream.protocol.internal.TreeMerge;
import org.daqstream.signal.api.Resolution;
import org.daqstream.signal.api.SignalDescriptor;

/**
 * The parameters of a {@code signal} message: a signal's description as a document (protocol
 * section 3.1). Written is the superset that every known peer understands; read is what any of them
 * sends. Safe for any thread.
 */
public final class SignalDocument {
  private SignalDocument() {}

  /**
   * What a received document says.
   *
   * @param descriptor the description; its related signals are without the domain
   * @param tableId label of the table: for many servers the id of the domain signal, for others a
   *     name of its own that all signals of the table share
   * @param domainId id of the domain signal; the signal's own id for a domain signal; empty when
   *     only the {@code tableId} tells, as the domain signal with the same one
   * @param valueIndex row of the signal's next sample; absent when the document does not tell: 0 in
   *     the first document after the subscription, no news in later ones
   */
  public record Parsed(
      SignalDescriptor descriptor, String tableId, String domainId, OptionalLong valueIndex) {
    /** {@return whether the signal is the domain of its table: its own domain} */
    public boolean isDomain() {
      return domainId.equals(descriptor.signalId());
    }
  }

  /**
   * Describes a signal completely, so that peers that replace and peers that merge come to the
   * same.
   *
   * <p>Time domains in ns, µs, ms, min and h are expressed in seconds, with the resolution
   * converted; LT peers get no resolution for other domains, because they would close the session.
   * A value that measures {@code "time"} becomes one that measures {@code "duration"}, because some
   * peers take any signal measuring time for a time axis.
   *
   * <p>A value signal whose type the family does not know is described in the nearest form that it
   * does, for the same bytes: vectors, complex numbers and 128-bit integers as structs of plain
   * numbers, bit fields as integers. One that {@link #refusal} tells of must not be offered to it;
   * its document is as for {@link PeerProfile#FULL}.
   *
   * @param descriptor the signal
   * @param definition the writer's part, laid over the common definition key by key; a {@code null}
   *     value removes a key. Post-scaling appears only when it is in here
   * @param tableId id of the domain signal, for a domain signal its own id
   * @param valueIndex row of the signal's next sample
   * @param profile family of the client
   * @return a new document
   * @throws IllegalArgumentException when the definition holds something that is no string, number,
   *     boolean, list or map, naming signal and key
   */
  public static ObjectNode of(
      SignalDescriptor descriptor,
      Map<String, Object> definition,
      String tableId,
      long valueIndex,
      PeerProfile profile) {
    return SignalDocumentWriter.write(descriptor, definition, tableId, valueIndex, profile);
  }

  /**
   * Tells whether clients of a family can be offered a value signal: whether there is a form in
   * which they read its bytes rightly and live on.
   *
   * @param descriptor the signal
   * @param definition as for {@link #of}
   * @param profile family of the clients
   * @return the reason against it, for the operator; empty when they can
   */
  public static String refusal(
      SignalDescriptor descriptor, Map<String, Object> definition, PeerProfile profile) {
    return SignalDocumentWriter.refusal(descriptor, definition, profile);
  }

  /**
   * The length of a tick as documents tell it: of a time in seconds, whatever its unit.
   *
   * @param domain a domain signal
   * @return {@code null} when it is not known
   */
  public static Resolution resolution(SignalDescriptor domain) {
    return SignalDocumentWriter.resolution(domain);
  }

  /**
   * Lays an update over what is known of a signal: maps are merged key by key, everything else is
   * replaced; an old {@code valueIndex} does not survive.
   *
   * @param signalId for messages
   * @param known the document so far, {@code null} in the beginning; is not changed
   * @param update parameters of a {@code signal} message; is not changed
   * @param limits bounds on the merged document
   * @return a new document, to be parsed and to be kept as {@code known}
   * @throws ProtocolException of kind {@code LIMIT} when the document has grown too large
   */
  public static ObjectNode merge(
      String signalId, ObjectNode known, ObjectNode update, Limits limits)
      throws ProtocolException {
    return TreeMerge.merge(signalId, known, update, limits);
  }

  /**
   * Reads a complete document. What only matters to people (unit, range, names) is taken as far as
   * it makes sense; what matters for decoding must be right.
   *
   * @param signalId id from the {@code subscribe} message
   * @param document merged parameters of its {@code signal} messages
   * @param isSignalId tells the ids of the signals known on the connection
   * @return what it says
   * @throws ProtocolException of kind {@code BAD_SIGNAL}, naming signal and key
   */
  public static Parsed parse(String signalId, JsonNode document, Predicate<String> isSignalId)
      throws ProtocolException {
    return SignalDocumentReader.read(signalId, document, isSignalId);
  }
}
