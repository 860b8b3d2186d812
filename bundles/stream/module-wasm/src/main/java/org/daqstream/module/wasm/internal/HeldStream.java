/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.module.wasm.internal;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.daqstream.stream.api.StreamCallback;
import org.daqstream.stream.api.StreamDirection;
import org.daqstream.stream.api.StreamListener;

/** A stream that an instance has opened, whichever code of it. On the instance's line only. */
final class HeldStream implements StreamCallback, StreamListener {
  /** Who hears of it: the instance, which knows what code runs. */
  interface Hearer {
    void data(HeldStream stream, long peer, ByteBuffer data);

    void peer(ModuleExport event, HeldStream stream, long peer, String text);

    void ended(HeldStream stream, String cause);
  }

  private final Hearer hearer;
  private final Map<Long, String> peers = new LinkedHashMap<>();
  final String name;
  final StreamDirection direction;
  int handle; // once it is open
  boolean isEnded;
  boolean isWanted; // by the code that is about to take over
  boolean isNew; // opened by that code

  HeldStream(String name, StreamDirection direction, Hearer hearer) {
    this.name = name;
    this.direction = direction;
    this.hearer = hearer;
  }

  @Override
  public void data(long peerId, ByteBuffer data) {
    hearer.data(this, peerId, data);
  }

  @Override
  public void peerUp(long peerId, String address) {
    peers.put(peerId, address);
    hearer.peer(ModuleExport.PEER_UP, this, peerId, address);
  }

  @Override
  public void peerDown(long peerId, String cause) {
    peers.remove(peerId);
    hearer.peer(ModuleExport.PEER_DOWN, this, peerId, cause);
  }

  @Override
  public void ended(String cause) {
    isEnded = true;
    hearer.ended(this, cause);
  }

  /** Tells of those peers that are up. */
  void tellPeers() {
    new LinkedHashMap<>(peers)
        .forEach((peer, address) -> hearer.peer(ModuleExport.PEER_UP, this, peer, address));
  }
}
