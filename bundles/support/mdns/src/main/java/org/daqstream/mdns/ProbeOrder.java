/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Decides between two hosts that claim a name at the same time: the greater claim wins. */
final class ProbeOrder {
  private static final Comparator<DnsRecord> BY_TYPE_AND_BYTES =
      Comparator.comparingInt(DnsRecord::type)
          .thenComparing(claim -> bytes(claim), Arrays::compareUnsigned);

  private ProbeOrder() {}

  /** Less than 0 when ours has to wait. Only claims for names of ours are compared. */
  static int compare(List<DnsRecord> ours, List<DnsRecord> theirs) {
    List<DnsRecord> a = ours.stream().sorted(BY_TYPE_AND_BYTES).toList();
    List<DnsRecord> b =
        theirs.stream()
            .filter(claim -> ours.stream().anyMatch(own -> own.name().equals(claim.name())))
            .sorted(BY_TYPE_AND_BYTES)
            .toList();
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = BY_TYPE_AND_BYTES.compare(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  /** The record without the other parts of a message, names uncompressed. */
  private static byte[] bytes(DnsRecord claim) {
    ByteBuffer buffer = ByteBuffer.allocate(DnsWriter.PACKET_BYTES);
    DnsWriter.writeData(claim.data(), buffer);
    return Arrays.copyOf(buffer.array(), buffer.position());
  }
}
