/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal.web;

import java.net.InetSocketAddress;

/**
 * What clients may publish.
 *
 * @param accept whether any may
 * @param clients how many at a time
 * @param signals how many signals each
 * @param bytesPerSecond how many bytes each, on average
 * @param prefix what their ids begin with, {@code {address}} and {@code {name}} being the client's
 */
public record PeerTerms(
    boolean accept, int clients, int signals, int bytesPerSecond, String prefix) {
  private static final String OWN_AGENT = "daqstream/";

  /** The prefix for a client: what it calls itself is the name behind {@code daqstream/}. */
  String prefixFor(InetSocketAddress address, String userAgent) {
    String name =
        userAgent.startsWith(OWN_AGENT)
            ? userAgent.substring(OWN_AGENT.length())
            : userAgent.replaceFirst("/.*", "");
    return prefix
        .replace("{address}", plain(address.getAddress().getHostAddress()))
        .replace("{name}", plain(name.replaceFirst(" .*", "")));
  }

  private static String plain(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9._-]", "-");
    return plain.substring(0, Math.min(plain.length(), 64));
  }
}
