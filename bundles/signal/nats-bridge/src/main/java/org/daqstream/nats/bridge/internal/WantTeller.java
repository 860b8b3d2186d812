/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Says what an import wants, in as many messages as it takes. For one thread. */
final class WantTeller {
  /** Small ones, as each is for all publishers. */
  private static final int MOST_BYTES = 32_768;

  private static final int HEAD_BYTES = 200;

  private final String importer;
  private final Subjects subjects;

  /** For the life of an import. */
  WantTeller(String name, Subjects subjects) {
    this.subjects = subjects;
    importer = name + '-' + UUID.randomUUID();
  }

  /** Says it; also that nothing is wanted. */
  void say(ImportWire to, List<String> keys) {
    long limit = Math.min(MOST_BYTES, to.messageBytes() - HEAD_BYTES);
    List<String> some = new ArrayList<>();
    long bytes = 0;
    for (String each : keys) {
      if (bytes + each.length() >= limit && !some.isEmpty()) {
        send(to, some);
        some.clear();
        bytes = 0;
      }
      some.add(each);
      bytes += each.length() + 1;
    }
    send(to, some);
  }

  private void send(ImportWire to, List<String> keys) {
    to.publish(subjects.wanted(), new WantMessage(importer, keys).bytes());
  }
}
