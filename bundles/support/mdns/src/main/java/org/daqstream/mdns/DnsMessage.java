/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.mdns;

import java.util.ArrayList;
import java.util.List;

/**
 * One packet of mDNS. Records of types that nobody here needs are left out when it is read.
 *
 * @param id 0, but for questions from peers that know plain DNS only
 * @param authorities in a question: what the asking host is about to claim
 */
public record DnsMessage(
    int id,
    boolean response,
    List<Question> questions,
    List<DnsRecord> answers,
    List<DnsRecord> authorities,
    List<DnsRecord> additionals) {
  /**
   * What is asked.
   *
   * @param unicast whether the answer may come to the asking host alone
   */
  public record Question(DnsName name, int type, boolean unicast) {}

  static DnsMessage query(
      List<Question> questions, List<DnsRecord> known, List<DnsRecord> claimed) {
    return new DnsMessage(0, false, questions, known, claimed, List.of());
  }

  static DnsMessage response(List<DnsRecord> answers, List<DnsRecord> additionals) {
    return new DnsMessage(0, true, List.of(), answers, List.of(), additionals);
  }

  /** Answers and additional records, which are worth the same. */
  List<DnsRecord> facts() {
    List<DnsRecord> facts = new ArrayList<>(answers);
    facts.addAll(additionals);
    return facts;
  }
}
