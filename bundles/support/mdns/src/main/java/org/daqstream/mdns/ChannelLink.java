/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket for one interface and version of IP. What is not from a neighbour over this interface is
 * to be dropped.
 */
final class ChannelLink implements Link, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelLink.class);
  private static final String GROUP_IPV4 = "224.0.0.251";
  private static final String GROUP_IPV6 = "ff02::fb";
  private static final int HOPS = 255;

  /** An interface and a version of IP. */
  record Key(int index, String name, StandardProtocolFamily family) {
    @Override
    public String toString() {
      return name + (family == StandardProtocolFamily.INET ? " IPv4" : " IPv6");
    }
  }

  private final Key key;
  private final DatagramChannel channel;
  private final InetSocketAddress group;
  private List<InterfaceAddress> interfaceAddresses = List.of();
  private List<InetAddress> addresses = List.of();
  private boolean failing;

  private ChannelLink(Key key, DatagramChannel channel, InetSocketAddress group) {
    this.key = key;
    this.channel = channel;
    this.group = group;
  }

  static ChannelLink open(Key key, NetworkInterface device, Selector selector) throws IOException {
    boolean ipv4 = key.family() == StandardProtocolFamily.INET;
    DatagramChannel channel = DatagramChannel.open(key.family());
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, device);
      channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, HOPS);
      channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
      channel.bind(new InetSocketAddress(ipv4 ? "0.0.0.0" : "::", Responder.MDNS_PORT));
      InetAddress group = InetAddress.getByName(ipv4 ? GROUP_IPV4 : GROUP_IPV6);
      channel.join(group, device);
      channel.configureBlocking(false);
      InetAddress target =
          ipv4 ? group : Inet6Address.getByAddress(null, group.getAddress(), key.index());
      ChannelLink link =
          new ChannelLink(key, channel, new InetSocketAddress(target, Responder.MDNS_PORT));
      channel.register(selector, SelectionKey.OP_READ, link);
      return link;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Takes what the interface has now: all for the check of senders, some to be told. */
  void addresses(List<InterfaceAddress> all, List<InetAddress> told) {
    interfaceAddresses = List.copyOf(all);
    addresses = List.copyOf(told);
  }

  Key key() {
    return key;
  }

  @Override
  public String name() {
    return key.toString();
  }

  @Override
  public List<InetAddress> addresses() {
    return addresses;
  }

  @Override
  public InetAddress scoped(InetAddress address) {
    if (!(address instanceof Inet6Address) || !address.isLinkLocalAddress()) {
      return address;
    }
    try {
      return Inet6Address.getByAddress(null, address.getAddress(), key.index());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes one packet into the buffer and tells where it comes from; null when there is none. */
  InetSocketAddress receive(ByteBuffer buffer) throws IOException {
    return (InetSocketAddress) channel.receive(buffer);
  }

  /**
   * Whether a sender is a neighbour on this link: mDNS takes nothing from behind a router. Of IPv6
   * the system gives every socket the packets of all interfaces.
   */
  boolean isNeighbour(InetAddress sender) {
    if (sender.isLinkLocalAddress() && sender instanceof Inet6Address scoped) {
      return key.family() == StandardProtocolFamily.INET6 && scoped.getScopeId() == key.index();
    }
    return sender instanceof Inet6Address == (key.family() == StandardProtocolFamily.INET6)
        && interfaceAddresses.stream().anyMatch(own -> isInside(own, sender));
  }

  private static boolean isInside(InterfaceAddress own, InetAddress other) {
    byte[] a = own.getAddress().getAddress();
    byte[] b = other.getAddress();
    if (a.length != b.length) {
      return false;
    }
    int bits = own.getNetworkPrefixLength();
    for (int i = 0; i < a.length && bits > 0; i++, bits -= Byte.SIZE) {
      int mask = bits >= Byte.SIZE ? 0xFF : (0xFF << (Byte.SIZE - bits)) & 0xFF;
      if (((a[i] ^ b[i]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void multicast(DnsMessage message) {
    unicast(message, group);
  }

  @Override
  public void unicast(DnsMessage message, InetSocketAddress target) {
    ByteBuffer buffer = ByteBuffer.allocate(DnsWriter.PACKET_BYTES);
    try {
      DnsWriter.write(message, buffer);
      channel.send(buffer.flip(), target);
      failing = false;
    } catch (IOException | BufferOverflowException e) {
      // A cable that is not plugged in, or a peer with many questions; the next packet may go out.
      if (!failing) {
        LOG.debug("{}: cannot send to {}", name(), target.getHostString(), e);
      }
      failing = true;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
