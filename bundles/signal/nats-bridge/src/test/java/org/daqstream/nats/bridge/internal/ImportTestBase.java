/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.nats.bridge.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.daqstream.nats.bridge.internal.ImportStatus.SignalStatus;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.testing.Await;
import org.junit.After;

/** An import, with a runtime behind it and a server that is none. */
abstract class ImportTestBase {
  static final long MS = 1_000_000;
  static final SignalDescriptor DOMAIN = SignalDescriptor.linearTime("t", MS);
  static final SignalDescriptor VALUE = SignalDescriptor.value("v", DataTypes.UINT8).build();

  final FakeNats nats = new FakeNats();
  final Set<String> wanted = ConcurrentHashMap.newKeySet();
  final ImportRuntime runtime = new ImportRuntime(wanted::contains);

  @After
  public void close() {
    runtime.close();
  }

  static SignalAnnouncement announced(
      int number, SignalDescriptor domain, SignalDescriptor value, int sampleBytes) {
    return announced("p", 1, number, domain, value, sampleBytes);
  }

  static SignalAnnouncement announced(
      String publisher,
      long epoch,
      int number,
      SignalDescriptor domain,
      SignalDescriptor value,
      int sampleBytes) {
    return new SignalAnnouncement(
        publisher,
        epoch,
        number,
        List.of("there"),
        domain,
        value,
        sampleBytes,
        Map.of("dataType", value.dataType()));
  }

  /** A message of one block, each sample of which is the low byte of its row. */
  static byte[] message(long epoch, int number, long row, int count) {
    byte[] samples = new byte[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (byte) (row + i);
    }
    return message(epoch, number, 0, row, row * MS, count, samples);
  }

  static byte[] message(
      long epoch, int number, long anchor, long row, long tick, int count, byte[] samples) {
    byte[] message =
        new byte[BlockMessage.HEAD_BYTES + BlockMessage.BLOCK_HEAD_BYTES + samples.length];
    ByteBuffer target = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    BlockMessage.putHead(target, 0, number, epoch, anchor);
    BlockMessage.putBlockHead(target, row, tick, 0, count, samples.length);
    target.put(samples);
    return message;
  }

  void want(String signalId) {
    wanted.add(signalId);
    runtime.sink.demandChanged();
    Await.until(
        signalId + " is subscribed", () -> nats.isHeard("test.data." + Subjects.key(signalId)));
  }

  void start() {
    start(announced(1, DOMAIN, VALUE, 1));
  }

  NatsImport start(SignalAnnouncement announced) {
    return start(announced, ImportRuntime.settings(500));
  }

  /** With little patience for publishers. */
  NatsImport startImpatiently() {
    return start(
        announced(1, DOMAIN, VALUE, 1),
        ImportRuntime.settings("nats://127.0.0.1:1", 500, 0, "", List.of("**"), 1_000, 500));
  }

  NatsImport start(SignalAnnouncement announced, ImportSettings settings) {
    NatsImport made = runtime.start(settings, nats);
    Await.until("it hears", () -> nats.isHeard("test.alive"));
    nats.put(announced);
    nats.alive("p");
    runtime.awaitSignal(announced.value().signalId());
    return made;
  }

  static SignalStatus status(NatsImport made) {
    return made.status().signals().get(0);
  }

  static byte[] bytes(ByteBuffer sample) {
    byte[] bytes = new byte[sample.remaining()];
    sample.duplicate().get(bytes);
    return bytes;
  }
}
