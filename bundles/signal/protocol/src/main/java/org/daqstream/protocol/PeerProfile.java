/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.protocol;

import java.util.Locale;

/**
 * What a server must mind about the family of its client, known from the {@code User-Agent} of the
 * upgrade request (protocol sections 1.2, 1.8, 3.5, and 4, points 25 to 30).
 */
public enum PeerProfile {
  /**
   * The {@code streaming-protocol-lt} family, and everybody unknown, because it is the family that
   * closes the session on what it does not know. Frames stay below 64 KiB, so that their WebSocket
   * length fits into 16 bits.
   */
  LT(65_535),

  /**
   * The {@code ws-streaming} family, on which the openDAQ SDK is built: larger frames in a burst
   * crash its older versions, and of a member's dimensions it reads the first one's size alone.
   */
  WS_STREAMING(2_000),

  /** Clients that take the whole protocol: those of this project, and browsers. */
  FULL(65_535);

  private static final String WS_STREAMING_AGENT = "ws-streaming/";
  private static final String OWN_AGENT = "daqstream/";
  private static final String BROWSER_AGENT = "mozilla/";

  private final int maxDataFrameBytes;

  PeerProfile(int maxDataFrameBytes) {
    this.maxDataFrameBytes = maxDataFrameBytes;
  }

  /**
   * {@return the largest WebSocket payload of a data packet: bytes of packet header and samples
   * together}
   */
  public int maxDataFrameBytes() {
    return maxDataFrameBytes;
  }

  /**
   * {@return the bytes of the largest sample that the peer can be sent, {@link Integer#MAX_VALUE}
   * for families that take large packets} A sample is never cut.
   */
  public int maxSampleBytes() {
    return this == WS_STREAMING ? maxDataFrameBytes - PacketHeader.LONG_BYTES : Integer.MAX_VALUE;
  }

  /**
   * The version to announce to the peer. With 2.0.0 the {@code ws-streaming} family greets back and
   * says which signals it would send to the server; the others do not, and get an older one.
   *
   * @return one that the family lives with
   */
  public ApiVersion apiVersion() {
    return this == WS_STREAMING ? ApiVersion.V2_0_0 : ApiVersion.V1_2_0;
  }

  /**
   * Whether the peer understands a constant rule. It is told of the explicit rule where it does
   * not, and gets each value alone, with its row or stamp.
   *
   * <p>The LT family pairs a value packet with the stamps directly before it and would take a row
   * for a value when the domain is explicit. The {@code ws-streaming} family takes a value without
   * a row on the wire, and loses it: openDAQ SDK 3.40.3 gives its users packets of zero bytes.
   *
   * @param linearDomain whether the signal's domain is linear
   * @return whether to tell it of the constant rule there
   */
  public boolean takesConstants(boolean linearDomain) {
    return this == FULL || (this == LT && linearDomain);
  }

  /**
   * Whether the peer gives its user values without their stamps while it is itself subscribed to
   * the explicit domain. openDAQ SDK 3.40.3 subscribes to every signal for its first three seconds
   * and loses the stamps of each reader that is made meanwhile, for as long as it lives. The domain
   * must be told as one that comes along with its values.
   *
   * @return whether a subscription of an explicit domain must end before the first of its values
   */
  public boolean losesStampsOfSubscribedDomain() {
    return this == WS_STREAMING;
  }

  /**
   * {@return the profile of a client, {@link #LT} for an unknown one}
   *
   * @param userAgent the {@code User-Agent} header of the upgrade request; {@code null} without one
   */
  public static PeerProfile ofUserAgent(String userAgent) {
    if (userAgent == null) {
      return LT;
    }
    String agent = userAgent.strip().toLowerCase(Locale.ROOT);
    if (agent.startsWith(WS_STREAMING_AGENT)) {
      return WS_STREAMING;
    }
    return agent.startsWith(OWN_AGENT) || agent.startsWith(BROWSER_AGENT) ? FULL : LT;
  }
}
