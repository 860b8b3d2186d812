/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.gateway.internal;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSubscription;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.client.StreamingClient;
import org.daqstream.testing.Await;

/** What a client gets of a signal: each sample as {@code row tick bytes}, and gaps. */
final class Samples implements SampleListener {
  final List<String> samples = new CopyOnWriteArrayList<>();
  final List<Gap> gaps = new CopyOnWriteArrayList<>();
  final RemoteSubscription subscription;

  Samples(StreamingClient client, String signalId) throws Exception {
    subscription = client.subscribe(signalId, this);
    subscription.description().toCompletableFuture().get();
  }

  @Override
  public void block(SampleBlock block) {
    ByteBuffer payload = block.payload();
    int bytes = payload.remaining() / block.count();
    for (int i = 0; i < block.count(); i++) {
      byte[] sample = new byte[bytes];
      payload.get(sample);
      samples.add((block.row() + i) + " " + block.tick(i) + " " + HexFormat.of().formatHex(sample));
    }
  }

  @Override
  public void gap(Gap gap) {
    gaps.add(gap);
  }

  void await(int count) {
    Await.until(count + " samples, so far " + samples, () -> samples.size() >= count);
  }
}
