/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.Selector;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links over the interfaces of this machine, as these come and go. An interface that cannot be
 * used is named once, and tried again.
 */
final class LocalLinks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalLinks.class);
  private static final int INTERFACES = 64;
  private static final int ADDRESSES = 8;

  private final Selector selector;
  private final Consumer<Link> leaving;
  private final Map<ChannelLink.Key, ChannelLink> links = new LinkedHashMap<>();
  private final Set<ChannelLink.Key> refused = new HashSet<>();
  private boolean lonely;

  /** None yet; {@code leaving} is told of a link that is no longer used, before it is closed. */
  LocalLinks(Selector selector, Consumer<Link> leaving) {
    this.selector = selector;
    this.leaving = leaving;
  }

  Collection<Link> links() {
    return List.copyOf(links.values());
  }

  void refresh(InterfaceFilter filter) {
    Set<ChannelLink.Key> there = new HashSet<>();
    for (NetworkInterface device : devices()) {
      List<InterfaceAddress> all =
          device.getInterfaceAddresses().stream().filter(Objects::nonNull).toList();
      List<InetAddress> addresses = all.stream().map(InterfaceAddress::getAddress).toList();
      try {
        if (filter.accepts(device.getName(), addresses) && isUsable(device, filter, addresses)) {
          refresh(device, all, filter, there);
        }
      } catch (SocketException e) {
        LOG.debug("{} cannot be looked at", device.getName(), e);
      }
    }
    for (ChannelLink link : List.copyOf(links.values())) {
      if (!there.contains(link.key())) {
        leaving.accept(link);
        close(link);
      }
    }
    refused.retainAll(there);
    if (links.isEmpty() != lonely) {
      lonely = links.isEmpty();
      if (lonely) {
        LOG.info("no network interface for mDNS now; one that comes is used");
      }
    }
  }

  private static List<NetworkInterface> devices() {
    try (Stream<NetworkInterface> devices = NetworkInterface.networkInterfaces()) {
      return devices.limit(INTERFACES).toList();
    } catch (SocketException e) {
      return List.of(); // there is none
    }
  }

  private static boolean isUsable(
      NetworkInterface device, InterfaceFilter filter, List<InetAddress> addresses)
      throws SocketException {
    return device.isUp()
        && (device.isLoopback()
            || filter.names(device.getName(), addresses)
            || (device.supportsMulticast() && !device.isPointToPoint()));
  }

  private void refresh(
      NetworkInterface device,
      List<InterfaceAddress> all,
      InterfaceFilter filter,
      Set<ChannelLink.Key> there)
      throws SocketException {
    List<InetAddress> told =
        all.stream()
            .map(InterfaceAddress::getAddress)
            .filter(address -> filter.ipv6() || address instanceof Inet4Address)
            .limit(ADDRESSES)
            .toList();
    boolean ipv4 = told.stream().anyMatch(Inet4Address.class::isInstance);
    // The loopback interface has no route for the IPv6 group.
    boolean ipv6 = told.stream().anyMatch(Inet6Address.class::isInstance) && !device.isLoopback();
    for (StandardProtocolFamily family :
        List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6)) {
      if (family == StandardProtocolFamily.INET ? ipv4 : ipv6) {
        ChannelLink.Key key = new ChannelLink.Key(device.getIndex(), device.getName(), family);
        there.add(key);
        ChannelLink link = links.containsKey(key) ? links.get(key) : open(key, device);
        if (link != null) {
          link.addresses(all, told);
        }
      }
    }
  }

  private ChannelLink open(ChannelLink.Key key, NetworkInterface device) {
    try {
      ChannelLink link = ChannelLink.open(key, device, selector);
      links.put(key, link);
      return link;
    } catch (IOException | RuntimeException e) { // also: the interface has lost its address now
      if (refused.add(key)) {
        LOG.warn("no mDNS over {}: {}", key, e.toString());
      }
      return null;
    }
  }

  /** Gives a link up that has failed; it is opened anew when its interface is still there. */
  void close(ChannelLink link) {
    links.remove(link.key());
    try {
      link.close();
    } catch (IOException e) {
      LOG.debug("{}: cannot close", link.name(), e);
    }
  }

  @Override
  public void close() {
    List.copyOf(links.values()).forEach(this::close);
  }
}
