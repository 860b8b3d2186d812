/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.stream.wire.support;

/** Numbers of the wire. */
public final class Wire {
  /** {@code DQSR}, read as a little-endian number. */
  public static final int MAGIC = 0x52535144;

  public static final int VERSION = 1;

  public static final int HELLO = 0x01;
  public static final int OPEN = 0x02;
  public static final int WRITE = 0x03;
  public static final int CLOSE = 0x04;
  public static final int CREDIT = 0x05;
  public static final int PONG = 0x06;

  public static final int WELCOME = 0x81;
  public static final int REFUSED = 0x82;
  public static final int OPENED = 0x83;
  public static final int TAKEN = 0x84;
  public static final int LOST = 0x85;
  public static final int CLOSED = 0x86;
  public static final int DATA = 0x87;
  public static final int PEER_UP = 0x88;
  public static final int PEER_DOWN = 0x89;
  public static final int ENDED = 0x8A;
  public static final int STREAMS = 0x8B;
  public static final int STOP = 0x8C;
  public static final int PING = 0x8D;

  /** Beyond the longest message a frame has at most so many bytes. */
  public static final int MARGIN_BYTES = 65_536;

  /** A name of a stream, an instance and so on has at most so many bytes. */
  public static final int TEXT_BYTES = 1024;

  /** A flush deadline that the runtime chooses. */
  public static final long DEFAULT_FLUSH = 0xFFFF_FFFFL;

  private Wire() {}
}
