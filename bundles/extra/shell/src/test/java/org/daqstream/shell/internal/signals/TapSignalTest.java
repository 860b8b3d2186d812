/*
 * Copyright the daqstream authors.
 * SPDX-License-Identifier: Apache-2.0
 */

package org.daqstream.shell.internal.signals;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.daqstream.shell.internal.CommandException;
import org.daqstream.shell.internal.DeclaredCommand;
import org.daqstream.shell.internal.StubServices;
import org.daqstream.signal.api.DataTypes;
import org.daqstream.signal.api.ElementType;
import org.daqstream.signal.api.SignalDescriptor;
import org.daqstream.signal.api.SignalState;
import org.daqstream.signal.api.Unit;
import org.daqstream.signal.api.WriteResult;
import org.daqstream.signal.api.sink.SignalSink;
import org.daqstream.signal.api.sink.SignalTap;
import org.daqstream.signal.api.sink.TableTap;
import org.daqstream.signal.api.writer.SignalWriter;
import org.daqstream.writer.support.ArrayWriter;
import org.junit.Before;
import org.junit.Test;

public class TapSignalTest {
  private static final SignalDescriptor TIME = SignalDescriptor.linearTime("t", 1000);
  private static final SignalDescriptor VALUE =
      SignalDescriptor.value("v", DataTypes.INT32).unit(Unit.VOLT).build();

  private final StubServices services = new StubServices();
  private final DeclaredCommand command = TapSignal.command(services);

  @Before
  public void publish() {
    services.states.add(new SignalState(TIME, "t", 1, true, "", Map.of()));
    services.states.add(new SignalState(VALUE, "t", 1, true, "", Map.of()));
  }

  private static SignalWriter writer() {
    return new ArrayWriter(VALUE, ElementType.INT32, 1);
  }

  private static SignalTap tap(SignalSink sink) {
    return sink.openTable(TIME).openSignal(VALUE, writer());
  }

  private static int[] counting(int from, int count) {
    int[] samples = new int[count];
    for (int i = 0; i < count; i++) {
      samples[i] = from + i;
    }
    return samples;
  }

  @Test
  public void samplesAreShownWithExactTimesAndRows() throws Exception {
    services.publisher =
        sink -> {
          SignalTap tap = tap(sink);
          assertTrue(tap.hasSubscriber());
          assertEquals(
              WriteResult.ACCEPTED, tap.accept(7, 1_000_000_000, null, counting(40, 5), 1, 2));
          tap.accept(9, 5_000_000_001L, null, counting(90, 2), 0, 2); // behind a jump of time
        };
    assertEquals(
        """
        1970-01-01T00:00:01.000000000Z  7  41 V
        1970-01-01T00:00:01.000001000Z  8  42 V
        1970-01-01T00:00:05.000000001Z  9  90 V
        """,
        services.run(command, "v", "-n", "3"));
    assertEquals("the sink is gone", 0, services.sinks);
  }

  @Test
  public void samplesAsJson() throws Exception {
    services.publisher = sink -> tap(sink).accept(7, -1, null, counting(40, 2), 0, 2);
    assertEquals(
        """
        [
        {"row":7,"tick":-1,"time":"1969-12-31T23:59:59.999999999Z","value":40},
        {"row":8,"tick":999,"time":"1970-01-01T00:00:00.000000999Z","value":41}
        ]
        """,
        services.run(command, "v", "-n", "2", "--json"));
  }

  @Test
  public void stampsOfAnExplicitDomainAreTaken() throws Exception {
    services.publisher =
        sink ->
            sink.openTable(SignalDescriptor.explicitTime("t"))
                .openSignal(VALUE, writer())
                .accept(0, 5, new long[] {0, 5, 5, 1_000_000_000}, counting(1, 4), 1, 3);
    assertEquals(
        """
        1970-01-01T00:00:00.000000005Z  0  2 V
        1970-01-01T00:00:00.000000005Z  1  3 V
        1970-01-01T00:00:01.000000000Z  2  4 V
        """,
        services.run(command, "v", "-n", "3"));
  }

  @Test
  public void samplesOfDifferentLengthsAreToldApart() throws Exception {
    SignalDescriptor text = SignalDescriptor.text("v").build();
    services.publisher =
        sink ->
            sink.openTable(TIME)
                .openSignal(text, new TextWriter())
                .accept(0, 0, null, new String[] {"a", "", "long one"}, 0, 3);
    assertEquals(
        """
        1970-01-01T00:00:00.000000000Z  0  a
        1970-01-01T00:00:00.000001000Z  1
        1970-01-01T00:00:00.000002000Z  2  long one
        """,
        services.run(command, "v", "-n", "3").replaceAll(" +\n", "\n"));
  }

  @Test
  public void aPublisherThatIsTooFastIsNotHeldUpAndTheLossIsTold() throws Exception {
    int blocks = BlockQueue.BLOCKS;
    services.publisher =
        sink -> {
          SignalTap tap = tap(sink);
          for (int i = 0; i < blocks + 3; i++) {
            assertEquals(
                WriteResult.ACCEPTED, tap.accept(i * 10L, 0, null, counting(0, 10), 0, 10));
          }
        };
    String all = services.run(command, "v", "-n", String.valueOf(blocks * 10L));
    assertEquals(blocks * 10 + 1, all.lines().count());
    assertTrue(all, all.endsWith("\n… 30 samples dropped: the terminal is too slow\n"));
    String json = services.run(command, "v", "-n", String.valueOf(blocks * 10L), "--json");
    assertTrue(json, json.endsWith(",\n{\"dropped\":30}\n]\n"));
  }

  @Test
  public void theLossIsToldWhereItOccurred() throws Exception {
    BlockQueue queue = new BlockQueue();
    SignalTap tap = tap(new TapSink("v", queue));
    for (int i = 0; i < BlockQueue.BLOCKS + 3; i++) {
      tap.accept(i, 0, null, counting(0, 1), 0, 1);
    }
    assertNotNull(queue.take(0));
    tap.accept(1000, 0, null, counting(0, 1), 0, 1);
    BlockQueue.Entry last = null;
    for (int i = 0; i < BlockQueue.BLOCKS; i++) {
      last = queue.take(0);
      assertNotNull(last);
    }
    assertEquals(1000, last.block().row(0));
    assertEquals(3, last.droppedBefore());
    assertEquals(0, queue.dropped());
  }

  @Test
  public void noMoreBytesWaitThanAreAllowed() throws Exception {
    BlockQueue queue = new BlockQueue();
    SignalTap tap = tap(new TapSink("v", queue));
    int[] quarter = new int[BlockQueue.LIMIT_BYTES / 16]; // of the limit
    for (int i = 0; i < 5; i++) {
      tap.accept(0, 0, null, quarter, 0, quarter.length);
    }
    assertEquals(quarter.length, queue.dropped());
    assertNotNull(queue.take(0));
    tap.accept(0, 0, null, quarter, 0, quarter.length);
    assertEquals("told with the block", 0, queue.dropped());
  }

  @Test
  public void aWriterThatFailsCostsItsBlockOnly() throws Exception {
    BlockQueue queue = new BlockQueue();
    SignalTap tap =
        new TapSink("v", queue)
            .openTable(TIME)
            .openSignal(SignalDescriptor.text("v").build(), new Failing());
    for (int i = 0; i < 2 * BlockQueue.BLOCKS; i++) {
      assertThrows(
          IllegalStateException.class, () -> tap.accept(0, 0, null, new String[] {"x"}, 0, 1));
    }
    assertEquals(2 * BlockQueue.BLOCKS, queue.dropped());
    tap.update(VALUE, writer());
    tap.accept(0, 0, null, counting(3, 1), 0, 1);
    assertNotNull(queue.take(0));
  }

  @Test
  public void otherSignalsAreLeftAlone() throws Exception {
    SignalSink sink = new TapSink("v", new BlockQueue());
    SignalDescriptor other = SignalDescriptor.value("other", DataTypes.INT32).build();
    SignalTap tap = sink.openTable(TIME).openSignal(other, writer());
    assertFalse(tap.hasSubscriber());
    assertEquals(WriteResult.NO_SUBSCRIBER, tap.accept(0, 0, null, counting(0, 1), 0, 1));
  }

  @Test
  public void aNewDomainHoldsForTheBlocksBehindIt() throws Exception {
    services.publisher =
        sink -> {
          TableTap table = sink.openTable(TIME);
          SignalTap tap = table.openSignal(VALUE, writer());
          tap.accept(0, 0, null, counting(0, 2), 0, 2);
          table.updateDomain(SignalDescriptor.linearTime("t", 7));
          tap.accept(2, 2000, null, counting(2, 2), 0, 2);
        };
    assertEquals(
        """
        1970-01-01T00:00:00.000000000Z  0  0 V
        1970-01-01T00:00:00.000001000Z  1  1 V
        1970-01-01T00:00:00.000002000Z  2  2 V
        1970-01-01T00:00:00.000002007Z  3  3 V
        """,
        services.run(command, "v", "-n", "4"));
  }

  @Test
  public void anInterruptionEndsItAndTheDocumentIsComplete() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    services.publisher = sink -> begun.countDown();
    Thread thread =
        new Thread(
            () -> {
              try {
                services.run(command, "v", "--json");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    assertTrue(begun.await(20, TimeUnit.SECONDS));
    thread.interrupt();
    thread.join(20_000);
    assertFalse(thread.isAlive());
    assertEquals("[]\n", services.out());
    assertEquals(0, services.sinks);
  }

  @Test
  public void itEndsWithTheShell() {
    services.active = false;
    CommandException e = assertThrows(CommandException.class, () -> services.run(command, "v"));
    assertEquals("the shell was stopped", e.getMessage());
    assertEquals(0, services.sinks);
  }

  @Test
  public void noSampleInTimeIsAnError() {
    CommandException e =
        assertThrows(CommandException.class, () -> services.run(command, "v", "--seconds", "0"));
    assertEquals("no sample of 'v' within 0 s", e.getMessage());
  }

  @Test
  public void aDomainIsNotTapped() {
    CommandException e = assertThrows(CommandException.class, () -> services.run(command, "t"));
    assertEquals("'t' is a domain: it is shown as the time of its values, 'v' say", e.getMessage());
  }

  /** Texts as they are. */
  private static class TextWriter implements SignalWriter {
    @Override
    public int sampleBytes() {
      return VARIABLE;
    }

    @Override
    public Map<String, Object> definition() {
      return Map.of("dataType", DataTypes.BINARY);
    }

    @Override
    public Object newSample() {
      return null;
    }

    @Override
    public int encodedBytes(Object samples, int offset, int count) {
      int bytes = 0;
      for (int i = offset; i < offset + count; i++) {
        bytes += ((String[]) samples)[i].length();
      }
      return bytes;
    }

    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      for (int i = offset; i < offset + count; i++) {
        target.put(((String[]) samples)[i].getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private static final class Failing extends TextWriter {
    @Override
    public void encode(Object samples, int offset, int count, ByteBuffer target) {
      throw new IllegalStateException("test");
    }
  }
}
