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
  LT(65_535, ConstantPacket.Form.INDEXED),

  /**
   * The {@code ws-streaming} family: larger frames in a burst crash it, constants have no index.
   */
  WS_STREAMING(2_000, ConstantPacket.Form.RAW),

  /** Clients that take the whole protocol: those of this project, and browsers. */
  FULL(65_535, ConstantPacket.Form.INDEXED);

  private static final String WS_STREAMING_AGENT = "ws-streaming/";
  private static final String OWN_AGENT = "daqstream/";
  private static final String BROWSER_AGENT = "mozilla/";

  private final int maxDataFrameBytes;
  private final ConstantPacket.Form constantForm;

  PeerProfile(int maxDataFrameBytes, ConstantPacket.Form constantForm) {
    this.maxDataFrameBytes = maxDataFrameBytes;
    this.constantForm = constantForm;
  }

  /**
   * The largest WebSocket payload of a data packet.
   *
   * @return bytes of packet header and samples together, without the WebSocket header
   */
  public int maxDataFrameBytes() {
    return maxDataFrameBytes;
  }

  /**
   * The largest sample that the peer can be sent. A sample is never cut.
   *
   * @return bytes of one sample; {@link Integer#MAX_VALUE} for families that take large packets
   */
  public int maxSampleBytes() {
    return this == WS_STREAMING ? maxDataFrameBytes - PacketHeader.LONG_BYTES : Integer.MAX_VALUE;
  }

  /**
   * How the peer wants the values of a constant rule.
   *
   * @return with or without the row in front of each value
   */
  public ConstantPacket.Form constantForm() {
    return constantForm;
  }

  /**
   * Whether the peer understands a constant rule on an explicit domain. The stock families pair a
   * value packet with the stamps directly before it and would take a row for a value: toward them
   * such a signal has the explicit rule, and its values go alone, each with its stamp.
   *
   * @return whether to tell it of the constant rule there
   */
  public boolean takesConstantEvents() {
    return this == FULL;
  }

  /**
   * Recognises a client.
   *
   * @param userAgent the {@code User-Agent} header of the upgrade request; {@code null} without one
   * @return its profile, {@link #LT} for an unknown one
   */
  public static PeerProfile ofUserAgent(String userAgent) {
    if (userAgent == null) {
      return LT;
    }
    final String agent = userAgent.strip().toLowerCase(Locale.ROOT);
    if (agent.startsWith(WS_STREAMING_AGENT)) {
      return WS_STREAMING;
    }
    return agent.startsWith(OWN_AGENT) || agent.startsWith(BROWSER_AGENT) ? FULL : LT;
  }
}
