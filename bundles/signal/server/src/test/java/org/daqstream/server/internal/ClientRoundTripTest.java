/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.server.internal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.daqstream.client.Gap;
import org.daqstream.client.RemoteSignal;
import org.daqstream.client.RemoteSubscription;
import org.daqstream.client.SampleBlock;
import org.daqstream.client.SampleListener;
import org.daqstream.client.StreamingClient;
import org.daqstream.client.SubscriptionOptions;
import org.daqstream.protocol.ProtocolException;
import org.daqstream.protocol.SampleReader;
import org.daqstream.server.internal.start.TestServer;
import org.daqstream.signal.api.Bit;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.Dimension;
import org.daqstream.signal.api.Rule;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.StructMember;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.junit.Test;

/**
 * Whatever is published, of any description, in any blocks, with holes and jumps of time, comes out
 * of our client with the same bytes, rows and domain values. The seed of a failure is in its
 * message.
 */
public class ClientRoundTripTest {
  private static final long BUDGET_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final int BLOCKS = 30;
  private static final int ROWS_LIMIT = 40;
  private static final List<String> NUMBERS =
      List.of(
          "int8",
          "uint8",
          "int16",
          "uint16",
          "int32",
          "uint32",
          "int64",
          "uint64",
          "int128",
          "uint128",
          "real32",
          "real64",
          "complex32",
          "complex64");

  /** A sample with its place. */
  private record Sample(long row, long tick, ByteBuffer bytes) {
    @Override
    public String toString() {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(bytes.position(), copy);
      return "row %d at %d: %s".formatted(row, tick, HexFormat.of().formatHex(copy));
    }
  }

  /** A signal, what was published of it, and what came of it. */
  private static final class Traced implements SampleListener {
    final SignalDescriptor descriptor;
    final int sampleBytes;
    final SignalTap tap;
    final RemoteSubscription subscription;
    final List<Sample> published = new ArrayList<>();
    final List<Sample> received = new ArrayList<>(); // under its monitor
    final List<Gap> gaps = new ArrayList<>(); // under the monitor of received
    volatile RemoteSignal remote;

    Traced(StreamingClient client, TableTap table, SignalDescriptor descriptor)
        throws ProtocolException {
      this.descriptor = descriptor;
      sampleBytes = SampleReader.of(descriptor).sampleBytes();
      int writerBytes = sampleBytes == 0 ? SignalWriter.VARIABLE : sampleBytes;
      tap = table.openSignal(descriptor, new PackedBytes(descriptor.dataType(), writerBytes));
      subscription =
          client.subscribe(descriptor.signalId(), SubscriptionOptions.DEFAULT.direct(), this);
    }

    @Override
    public void described(RemoteSignal signal) {
      remote = signal;
    }

    @Override
    public void block(SampleBlock block) {
      ByteBuffer all = block.payload();
      int bytes = all.remaining() / block.count();
      synchronized (received) {
        for (int i = 0; i < block.count(); i++) {
          byte[] sample = new byte[bytes];
          all.get(sample);
          received.add(new Sample(block.row() + i, block.tick(i), ByteBuffer.wrap(sample)));
        }
      }
    }

    @Override
    public void gap(Gap gap) {
      synchronized (received) {
        gaps.add(gap);
      }
    }

    List<Sample> received() {
      synchronized (received) {
        return new ArrayList<>(received);
      }
    }
  }

  @Test
  public void whatIsPublishedComesOutEqual() throws Exception {
    long startNanos = System.nanoTime();
    long seed = startNanos;
    try (TestServer server = new TestServer();
        StreamingClient client = StreamingClient.connect("ws://127.0.0.1:" + server.port())) {
      for (int i = 0; System.nanoTime() - startNanos < BUDGET_NANOS; i++) {
        SplittableRandom random = new SplittableRandom(++seed);
        try {
          publishAndCompare(server, client, "table" + i, random);
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
      }
      assertEquals(0, client.statistics().badPackets());
      assertEquals(0, client.statistics().listenerFaults());
    }
  }

  @Test
  public void blocksThatWaitComeInCommonMessages() throws Exception {
    try (TestServer server = new TestServer();
        StreamingClient client = StreamingClient.connect("ws://127.0.0.1:" + server.port())) {
      SignalTap tap = TestServer.signal(server.table("time"), "v");
      AtomicLong sum = new AtomicLong();
      client.subscribe(
          "v", SubscriptionOptions.DEFAULT.eachPacket(), block -> sum.addAndGet(block.row()));
      Await.until("subscription", tap::hasSubscriber);
      long expected = 0;
      for (int row = 0; row < 20_000; row++) {
        tap.accept(row, row * TestServer.DELTA, null, new double[1], 0, 1);
        expected += row;
      }
      long all = expected;
      Await.until("all blocks", () -> sum.get() == all);
      long packets = client.statistics().packets();
      long messages = client.statistics().messages();
      assertTrue(packets + " packets in " + messages, packets > 20_000 && messages < packets / 2);
    }
  }

  private static void publishAndCompare(
      TestServer server, StreamingClient client, String name, SplittableRandom random)
      throws Exception {
    long delta = random.nextBoolean() ? 0 : 1 + random.nextInt(1_000_000); // 0: explicit
    SignalDescriptor domain =
        delta == 0 ? SignalDescriptor.explicitTime(name) : SignalDescriptor.linearTime(name, delta);
    TableTap table = server.sink().openTable(domain);
    List<Traced> signals = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      signals.add(new Traced(client, table, descriptor(name + "/" + i, random)));
    }
    for (Traced each : signals) {
      Await.until("description", () -> each.remote != null && each.remote.domain() != null);
      Await.until("subscription", each.tap::hasSubscriber);
      assertDescribed(each.descriptor, each.remote.descriptor());
      assertEquals(domain.signalId(), each.remote.domain().signalId());
      assertEquals(domain.rule(), each.remote.domain().rule());
    }
    publish(signals, delta, random);
    for (Traced each : signals) {
      Await.until(
          "all samples of " + each.descriptor,
          () -> each.received().size() >= each.published.size());
      List<Sample> received = each.received();
      long firstRow = each.published.isEmpty() ? 0 : each.published.get(0).row();
      for (int i = 0; i < received.size(); i++) {
        Sample expected = each.published.get(i);
        boolean isCounted = delta == 0 && each.descriptor.rule() == Rule.EXPLICIT;
        // On an explicit domain no hole is told: stamps say it all, and rows are counted.
        assertEquals(
            each.descriptor + " " + i,
            isCounted ? new Sample(firstRow + i, expected.tick(), expected.bytes()) : expected,
            received.get(i));
      }
      each.subscription.close();
      each.tap.close();
    }
    table.close();
  }

  private static void assertDescribed(SignalDescriptor expected, SignalDescriptor actual) {
    assertEquals(expected.name(), actual.name());
    assertEquals(expected.dataType(), actual.dataType());
    assertEquals(expected.rule(), actual.rule());
    assertEquals(expected.dimensions(), actual.dimensions());
    assertEquals(expected.members(), actual.members());
    assertEquals(expected.bitFieldType(), actual.bitFieldType());
    assertEquals(expected.bits(), actual.bits());
    assertEquals(expected.unit(), actual.unit());
  }

  /** Blocks of one table; a signal leaves some out. */
  private static void publish(List<Traced> signals, long delta, SplittableRandom random) {
    long row = 0;
    long tick = random.nextLong(1L << 40);
    for (int i = 0; i < BLOCKS; i++) {
      int count = 1 + random.nextInt(ROWS_LIMIT);
      long[] ticks = null;
      if (delta == 0) {
        ticks = new long[count];
        for (int j = 0; j < count; j++) {
          ticks[j] = tick;
          tick += 1 + random.nextInt(1000);
        }
      } else if (random.nextInt(8) == 0) {
        tick += random.nextLong(1L << 32); // the clock jumps
      }
      for (Traced each : signals) {
        if (random.nextInt(8) > 0) {
          write(each, row, delta, tick, ticks, count, random);
        }
      }
      row += count;
      tick += delta * count;
    }
  }

  private static void write(
      Traced signal,
      long row,
      long delta,
      long tick,
      long[] ticks,
      int count,
      SplittableRandom random) {
    byte[][] samples = new byte[count][];
    for (int i = 0; i < count; i++) {
      samples[i] = new byte[signal.sampleBytes > 0 ? signal.sampleBytes : 1 + random.nextInt(300)];
      random.nextBytes(samples[i]);
      long tickOfSample = ticks == null ? tick + delta * i : ticks[i];
      signal.published.add(new Sample(row + i, tickOfSample, ByteBuffer.wrap(samples[i])));
    }
    Object block = signal.sampleBytes > 0 ? joined(samples) : samples;
    long first = ticks == null ? tick : ticks[0];
    assertEquals(WriteResult.ACCEPTED, signal.tap.accept(row, first, ticks, block, 0, count));
  }

  private static byte[] joined(byte[][] samples) {
    byte[] all = new byte[samples.length * samples[0].length];
    for (int i = 0; i < samples.length; i++) {
      System.arraycopy(samples[i], 0, all, i * samples[0].length, samples[0].length);
    }
    return all;
  }

  private static SignalDescriptor descriptor(String signalId, SplittableRandom random) {
    int kind = random.nextInt(10);
    if (kind == 0) {
      return SignalDescriptor.value(signalId, DataTypes.BINARY).build();
    }
    SignalDescriptor.Builder builder;
    if (kind == 1) {
      builder =
          SignalDescriptor.value(signalId, DataTypes.BIT_FIELD)
              .bits("uint" + (8 << random.nextInt(4)), List.of(new Bit(1, "on", "u1")));
    } else if (kind < 4) {
      builder = SignalDescriptor.value(signalId, DataTypes.STRUCT).members(members(random));
    } else {
      builder = SignalDescriptor.value(signalId, number(random));
      if (random.nextInt(3) == 0) {
        builder.unit(Unit.VOLT).range(-10, 10);
      }
    }
    if (kind != 1 && random.nextInt(3) == 0) {
      builder.dimensions(dimensions(random));
    }
    if (random.nextInt(5) == 0) {
      builder.rule(Rule.CONSTANT);
    }
    return builder.name("signal " + signalId).build();
  }

  private static String number(SplittableRandom random) {
    return NUMBERS.get(random.nextInt(NUMBERS.size()));
  }

  private static List<StructMember> members(SplittableRandom random) {
    List<StructMember> members = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      members.add(
          random.nextBoolean()
              ? new StructMember("m" + i, number(random))
              : StructMember.array("m" + i, number(random), 1 + random.nextInt(5)));
    }
    return members;
  }

  private static List<Dimension> dimensions(SplittableRandom random) {
    Dimension frequency = new Dimension.Linear("f", 0, 0.5, 1 + random.nextInt(9), Unit.NONE);
    Dimension list = new Dimension.Values("l", List.of("low", "middle", "high"), Unit.NONE);
    return random.nextBoolean() ? List.of(frequency) : List.of(list, frequency);
  }
}
