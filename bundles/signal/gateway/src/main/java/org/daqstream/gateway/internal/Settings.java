/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.util.List;
import org.daqstream.base.support.ForeignText;
import org.daqstream.client.DeviceAddress;
import org.daqstream.client.TlsOptions;
import org.daqstream.client.TokenSource;
import org.daqstream.config.support.RefusedException;
import org.daqstream.config.support.Values;

/**
 * The checked values of {@link GatewayConfig}.
 *
 * @param address where the device is; {@code null} when discovery finds it
 * @param device what it calls itself; empty when the address is given
 * @param token by which to log in at the address
 * @param prefix in front of its signals' ids, may be empty
 * @param signals which of them are wanted
 * @param publish which signals of this runtime the device is offered
 * @param isGapAllowed whether a link that is too slow may have gaps, or is disconnected
 * @param tls whom to trust with an encrypted address, and who this side is
 */
record Settings(
    DeviceAddress address,
    String device,
    Token token,
    String prefix,
    List<String> signals,
    List<String> publish,
    boolean isGapAllowed,
    int maxSignals,
    int connectTimeoutMs,
    int commandTimeoutMs,
    int pingIntervalMs,
    int reconnectMinMs,
    int reconnectMaxMs,
    TlsOptions tls) {
  private static final int TEXT_CHARS = 200;
  private static final int PEER_MS = 10_000;

  /** A secret; empty for none. */
  record Token(String text) {
    static final Token NONE = new Token("");

    /** Refuses what cannot be sent. */
    Token {
      TokenSource.of(text);
    }

    /** Without what is secret. */
    @Override
    public String toString() {
      return text.isEmpty() ? "none" : "***";
    }
  }

  /** What a link is told when it is too slow. */
  enum Contract {
    DISCONNECT,
    GAP
  }

  /**
   * Reads the values.
   *
   * @param name of the configuration, which the prefix is made of unless it is given
   */
  static Settings of(Values values, String name) {
    boolean hasAddress = values.isSet("address");
    if (hasAddress == values.isSet("device")) {
      throw new RefusedException(
          "address",
          values.text("address"),
          "must be given when there is no key device, and not beside it");
    }
    int reconnectMinMs = values.integer("reconnectMinMs");
    return new Settings(
        hasAddress ? address(values.text("address", TEXT_CHARS)) : null,
        hasAddress ? "" : values.text("device", TEXT_CHARS),
        token(values, hasAddress),
        prefix(values, name),
        values.list("signals"),
        values.list("publish"),
        values.choice("contract", Contract.class) == Contract.GAP,
        values.integer("maxSignals"),
        values.integer("connectTimeoutMs"),
        values.integer("commandTimeoutMs"),
        values.integer("pingIntervalMs"),
        reconnectMinMs,
        values.integer("reconnectMaxMs", reconnectMinMs, 3_600_000),
        LinkTls.of(values));
  }

  /** For what a client of a server publishes, of which the server has checked the rest. */
  static Settings ofPeer(DeviceAddress address, String prefix, int maxSignals) {
    return new Settings(
        address,
        "",
        Token.NONE,
        prefix,
        List.of("**"),
        List.of(),
        false,
        maxSignals,
        PEER_MS,
        PEER_MS,
        PEER_MS,
        0,
        0,
        TlsOptions.NONE);
  }

  private static DeviceAddress address(String text) {
    try {
      return DeviceAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RefusedException("address", text, "must be one of a device: " + e.getMessage());
    }
  }

  /** Whoever calls itself as the device would be told it, so it goes to an address only. */
  private static Token token(Values values, boolean hasAddress) {
    String text = values.text("token");
    if (text.isEmpty()) {
      return Token.NONE;
    }
    if (!hasAddress) {
      throw new RefusedException("token", "…", "goes with 'address', not with 'device'");
    }
    if (text.startsWith("$[")) {
      throw new RefusedException("token", text, "is not there");
    }
    try {
      return new Token(text);
    } catch (IllegalArgumentException e) {
      throw new RefusedException("token", "…", "cannot be sent: " + e.getMessage());
    }
  }

  private static String prefix(Values values, String name) {
    String prefix = values.isGiven("prefix") ? values.text("prefix") : name + "/";
    if (prefix.length() > TEXT_CHARS || !ForeignText.isPlain(prefix)) {
      throw new RefusedException(
          "prefix",
          prefix,
          "must have at most " + TEXT_CHARS + " characters and no control characters");
    }
    return prefix;
  }

  /** Whether the connection and what is published can stay as they are but for the choice. */
  boolean hasSameLink(Settings other) {
    return withChoiceOf(other).equals(other);
  }

  private Settings withChoiceOf(Settings other) {
    return new Settings(
        address,
        device,
        token,
        prefix,
        other.signals,
        publish,
        isGapAllowed,
        other.maxSignals,
        connectTimeoutMs,
        commandTimeoutMs,
        pingIntervalMs,
        reconnectMinMs,
        reconnectMaxMs,
        tls);
  }
}
