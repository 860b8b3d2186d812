/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.net.InetAddress;
import java.util.List;

/**
 * One fact.
 *
 * @param unique whether it replaces everything known under its name and type
 * @param ttlSeconds how long it may be kept; 0 takes it back
 */
public record DnsRecord(DnsName name, boolean unique, long ttlSeconds, Data data) {
  static final int TYPE_A = 1;
  static final int TYPE_PTR = 12;
  static final int TYPE_TXT = 16;
  static final int TYPE_AAAA = 28;
  static final int TYPE_SRV = 33;
  static final int TYPE_ANY = 255;

  public sealed interface Data {
    int type();
  }

  /** Another name, that of an instance of a service. */
  public record Pointer(DnsName target) implements Data {
    @Override
    public int type() {
      return TYPE_PTR;
    }
  }

  /** Where a service instance is. */
  public record Location(int port, DnsName host) implements Data {
    @Override
    public int type() {
      return TYPE_SRV;
    }
  }

  /** What a service instance tells, as {@code key=value}. */
  public record Text(List<String> strings) implements Data {
    public Text {
      strings = List.copyOf(strings);
    }

    @Override
    public int type() {
      return TYPE_TXT;
    }
  }

  public record Address(InetAddress address) implements Data {
    @Override
    public int type() {
      return address.getAddress().length == 4 ? TYPE_A : TYPE_AAAA;
    }
  }

  int type() {
    return data.type();
  }

  /** The same fact for less time. */
  DnsRecord withTtl(long seconds) {
    return new DnsRecord(name, unique, seconds, data);
  }

  /** The same fact for peers that do not know of uniqueness. */
  DnsRecord shared() {
    return new DnsRecord(name, false, ttlSeconds, data);
  }

  /** Whether both say the same, whatever the time. */
  boolean sameFact(DnsRecord other) {
    return name.equals(other.name) && data.equals(other.data);
  }

  boolean answers(DnsMessage.Question question) {
    return (question.type() == TYPE_ANY || question.type() == type())
        && name.equals(question.name());
  }
}
