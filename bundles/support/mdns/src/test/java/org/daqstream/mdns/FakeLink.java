/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Keeps what is sent, as it comes out of the bytes. */
final class FakeLink implements Link {
  final List<DnsMessage> multicasts = new ArrayList<>();
  final List<DnsMessage> unicasts = new ArrayList<>();
  List<InetAddress> addresses;
  private final String name;

  FakeLink(String name, String... addresses) {
    this.name = name;
    this.addresses = List.of(addresses).stream().map(FakeLink::address).toList();
  }

  static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<InetAddress> addresses() {
    return addresses;
  }

  @Override
  public InetAddress scoped(InetAddress address) {
    return address;
  }

  @Override
  public void multicast(DnsMessage message) {
    multicasts.add(overTheWire(message));
  }

  @Override
  public void unicast(DnsMessage message, InetSocketAddress target) {
    unicasts.add(overTheWire(message));
  }

  /** Everything that was multicast since the last call. */
  List<DnsMessage> take() {
    List<DnsMessage> taken = List.copyOf(multicasts);
    multicasts.clear();
    return taken;
  }

  static DnsMessage overTheWire(DnsMessage message) {
    ByteBuffer buffer = ByteBuffer.allocate(DnsWriter.PACKET_BYTES);
    DnsWriter.write(message, buffer);
    try {
      return DnsReader.read(buffer.flip());
    } catch (ProtocolException e) {
      throw new AssertionError(e);
    }
  }
}
